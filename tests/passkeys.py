"""A passkey in software: it answers what a page asks, as a phone with a finger on it would."""

import json
import os
import re
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

Flag = AuthenticatorData.FLAG


def asked_on(page: str) -> dict:
    """Return what a page asks a passkey for."""
    found = json.loads(re.search(r'id="passkey-data"[^>]*>(.*?)</script>', page)[1])
    return next(one for one in found.values() if isinstance(one, dict))["publicKey"]


class Passkey:
    """One key for one host; `verified` says whether the finger is the owner's."""

    def __init__(self, host: str) -> None:
        self.host, self.key = host, ec.generate_private_key(ec.SECP256R1())
        self.id, self.owner, self.uses = os.urandom(32), "", 0

    def _data(self, *, verified: bool, more: bytes | None = None) -> AuthenticatorData:
        self.uses += 1
        flags = Flag.UP | (Flag.UV if verified else Flag(0)) | (Flag.AT if more else Flag(0))
        digest = sha256(self.host.encode()).digest()
        return AuthenticatorData.create(digest, flags, self.uses, more or b"")

    def _client(self, kind: str, asked: dict, origin: str) -> CollectedClientData:
        return CollectedClientData.create(
            kind, asked["challenge"], origin or f"https://{self.host}"
        )

    def made(self, asked: dict, *, verified: bool = True, origin: str = "") -> str:
        """Return what a browser sends after making this passkey."""
        self.owner = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(verified=verified, more=credential)
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", asked, origin)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._sent(response, {"credProps": {"rk": True}})

    def used(self, asked: dict, *, verified: bool = True, origin: str = "") -> str:
        """Return what a browser sends after using it."""
        data = self._data(verified=verified)
        client = self._client("webauthn.get", asked, origin)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.owner,
        }
        return self._sent(response, {})

    def _sent(self, response: dict, results: dict) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response,
             "authenticatorAttachment": "platform", "clientExtensionResults": results}
        )  # fmt: skip
