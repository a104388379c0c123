"""The version of Tomoni; packaging reads it from here."""

VERSION = "0.1.0"
