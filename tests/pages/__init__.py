"""Tests of the pages without a browser, and of what pages share."""
