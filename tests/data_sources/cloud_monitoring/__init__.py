"""The source of Cloud Monitoring, against a stand-in of Google's service that is strict about what it takes."""
