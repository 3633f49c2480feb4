"""OpenID Connect: asks the service for a code, trades it for an id token, and believes only a token that is sound."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from knowledge.settings import Settings

SCOPES = "openid email"

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures made with the service's private key; none and HMAC would let others make tokens."""

LEEWAY = 30
"""Seconds by which the clocks of two computers may differ."""

SECONDS = 10.0
"""How long the service may take to answer."""

REMEMBERED = 3600.0
"""Seconds the service's description and keys are remembered."""


class NotBelieved(Exception):
    """The service's answer is not sound; the message says why, for the log."""


@dataclass(frozen=True)
class Person:
    """Who signed in at the service: the lasting name there, and the e-mail address if the service has verified it."""

    subject: str
    email: str | None


@dataclass(frozen=True)
class Attempt:
    """A sign-in that has begun: what must come back (state, nonce) and what proves that we began it (verifier)."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """The service staff sign in with."""

    def __init__(self, settings: Settings, back: str) -> None:
        """Args: the settings, and the address the service sends people back to."""
        self._settings, self._back = settings, back
        self._issuer, self._id = settings.oidc_issuer or "", settings.oidc_client_id or ""

    async def address(self, attempt: Attempt) -> str:
        """Returns where a browser goes to sign in.

        Raises:
            NotBelieved: The service can not be reached or describes itself wrongly.
        """
        described = await self._description()
        async with self._client() as client:
            address, _state = client.create_authorization_url(
                described["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
            return str(address)

    async def person(self, code: str, attempt: Attempt) -> Person:
        """Trades a code for an id token and returns who it is about.

        Raises:
            NotBelieved: The code is refused, or the token is not sound.
        """
        described = await self._description()
        try:
            async with self._client() as client:
                tokens = await client.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=attempt.verifier
                )
        except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
            raise NotBelieved(f"the code was refused: {type(error).__name__}") from error
        claims = await self._claims(str(tokens.get("id_token", "")), attempt.nonce)
        verified = claims.get("email_verified") is True
        return Person(str(claims["sub"]), str(claims["email"]) if verified and claims.get("email") else None)

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            claims = (await self._decoded(token)).claims
            audience = claims.get("aud")
            JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise NotBelieved(f"the id token is not sound: {error}") from error
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self._id:
            raise NotBelieved("the id token is for another client")
        return claims

    async def _decoded(self, token: str) -> jwt.Token:
        """Checks the signature; keys are fetched anew once, because services change them."""
        try:
            return jwt.decode(token, await self._keys(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, await self._keys(fresh=True), algorithms=ALGORITHMS)

    async def _description(self) -> dict[str, Any]:
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        described = await _fetched(address)
        if described.get("issuer") != self._issuer:
            raise NotBelieved("the service calls itself otherwise than NARU_OIDC_ISSUER")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if any(not isinstance(described.get(name), str) for name in needed):
            raise NotBelieved("the service's description is not whole")
        return described

    async def _keys(self, fresh: bool = False) -> KeySet:
        address = (await self._description())["jwks_uri"]
        return KeySet.import_key_set(await _fetched(address, fresh))  # type: ignore[arg-type]

    def _client(self) -> AsyncOAuth2Client:
        secret = self._settings.oidc_client_secret
        return AsyncOAuth2Client(
            client_id=self._id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",  # noqa: S106
            scope=SCOPES,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=SECONDS,
        )


_remembered: dict[str, tuple[float, dict[str, Any]]] = {}


async def _fetched(address: str, fresh: bool = False) -> dict[str, Any]:
    """Returns a JSON document of the service, remembered for a while."""
    at, document = _remembered.get(address, (0.0, {}))
    if document and not fresh and time.monotonic() - at < REMEMBERED:
        return document
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            document = (await client.get(address)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotBelieved(f"the service can not be read: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise NotBelieved("the service's description is no object")
    _remembered[address] = (time.monotonic(), document)
    return document
