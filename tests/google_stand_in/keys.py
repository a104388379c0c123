"""A service account's key file that no Google has ever seen."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from data_sources.config import GoogleAuth


@cache
def private_key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def service_account_in(folder: Path, token_uri: str = "https://oauth2.googleapis.com/token") -> GoogleAuth:
    """Writes the file, whose tokens come from an address, and names it."""
    info = {
        "type": "service_account",
        "client_email": "tomoni@demo.iam.gserviceaccount.com",
        "private_key": private_key(),
        "token_uri": token_uri,
    }
    path = folder / "service-account.json"
    path.write_text(json.dumps(info), encoding="utf-8")
    return GoogleAuth(credentials_file=str(path))
