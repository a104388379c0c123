"""Tests in a real browser, against the server as it is started."""
