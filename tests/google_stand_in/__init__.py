"""A stand-in for Cloud Monitoring: real gRPC on loopback with the library's own messages.

As strict as Google's documentation is; what is not known of Google is marked "assumed".
"""
