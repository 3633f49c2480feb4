"""Single sign-on against a real OpenID Connect service: who comes in, and every lie that is not believed."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from channels.app import create_app
from channels.console.accounts import Accounts, Role, Staff
from channels.console.audit import Wanted, lines
from channels.console.gate import COOKIE
from tests.channels.console.entering import visiting
from tests.channels.console.oidc_service import CLIENT, SECRET, OidcService, oidc_service

PAGE = {"Accept": "text/html"}
FAILED, STRANGER = "/console/login?told=sso", "/console/login?told=stranger"


@pytest.fixture
def service() -> Iterator[OidcService]:
    with oidc_service() as running:
        yield running


@pytest.fixture
def app(settings: Any, service: OidcService) -> FastAPI:
    chosen = {"oidc_issuer": service.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    return create_app(settings.model_copy(update=chosen))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(app) as opened:
        opened.headers["Accept"] = "text/html"
        yield opened


@pytest.fixture
def staff(settings: Any, service: OidcService) -> Staff:
    """Somebody with an account but no password, and known to the service."""
    address = f"{secrets.token_hex(4)}@example.com"
    service.person = {"sub": secrets.token_hex(8), "email": address, "email_verified": True}
    return Accounts(settings).create(address, Role.AGENT, None)


async def begin(client: httpx.AsyncClient, wanted: str = "/console") -> str:
    """Presses the button and returns where the service sends the browser back to."""
    answer = await client.get("/console/login/sso", params={"next": wanted})
    assert answer.status_code == 303
    return answer.headers["location"]


async def arrive(client: httpx.AsyncClient, service: OidcService) -> str:
    """Signs in at the service and returns where Naru leads then."""
    answer = await client.get(service.authorise(await begin(client)))
    assert answer.status_code == 303
    return answer.headers["location"]


async def inside(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/console/presence", headers={"Accept": "application/json"})
    return answer.status_code == 200


async def test_staff_come_in_and_where_they_wanted(
    client: httpx.AsyncClient, service: OidcService, staff: Staff, settings: Any
) -> None:
    page = await client.get("/console/login")
    assert "통합 로그인" in page.text and "/console/login/sso?next=" in page.text
    answer = await client.get(service.authorise(await begin(client, "/console/cases?q=1")))
    assert answer.headers["location"] == "/console/cases?q=1"
    assert await inside(client)
    assert Accounts(settings).named(staff.id).single_sign_on  # type: ignore[union-attr]
    assert lines(Wanted(who=staff.name, what="signed_in"), 1)[0].detail == {"how": "single sign-on"}


async def test_later_they_are_known_by_their_subject(
    client: httpx.AsyncClient, service: OidcService, staff: Staff
) -> None:
    assert await arrive(client, service) == "/console"
    client.cookies.clear()
    service.person |= {"email": "married@example.com", "email_verified": False}
    assert await arrive(client, service) == "/console"
    client.cookies.clear()
    service.person = {"sub": "somebody else", "email": staff.name, "email_verified": True}
    assert await arrive(client, service) == STRANGER
    assert not await inside(client)


@pytest.mark.parametrize(
    "claim",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"email": "other@example.com"},
    ],
)
async def test_who_has_no_account_stays_outside_and_none_is_made(
    client: httpx.AsyncClient, service: OidcService, staff: Staff, settings: Any, claim: dict[str, Any]
) -> None:
    before = len(Accounts(settings).every())
    service.lies = claim
    assert await arrive(client, service) == STRANGER
    assert not await inside(client)
    assert len(Accounts(settings).every()) == before
    page = await client.get(STRANGER)
    assert "등록된 직원이 없어요" in page.text


async def test_a_closed_account_stays_closed(
    client: httpx.AsyncClient, service: OidcService, staff: Staff, settings: Any
) -> None:
    assert await arrive(client, service) == "/console"
    Accounts(settings).deactivate(staff.id)
    client.cookies.clear()
    assert await arrive(client, service) == STRANGER


def at_that_moment(lies: dict[str, Any], ago: dict[str, int]) -> dict[str, Any]:
    """The claims with their moments, each so many seconds before now: reckoned in the test, since
    two workers that collect it must name it alike."""
    return lies | {claim: int(time.time()) - seconds for claim, seconds in ago.items()}


@pytest.mark.parametrize(
    ("lies", "ago"),
    [
        ({"nonce": "another"}, {}),
        ({"nonce": None}, {}),
        ({"aud": "another-client"}, {}),
        ({"aud": None}, {}),
        ({"aud": [CLIENT, "another-client"]}, {}),
        ({"aud": [CLIENT, "another-client"], "azp": "another-client"}, {}),
        ({"iss": "https://evil.example"}, {}),
        ({"iss": None}, {}),
        ({}, {"exp": 3600, "iat": 7200}),
        ({"exp": None}, {}),
        ({}, {"iat": -3600, "exp": -7200}),
        ({"sub": None}, {}),
        ({"sub": ""}, {}),
    ],
    ids=str,
)
async def test_a_token_with_a_lie_is_not_believed(
    client: httpx.AsyncClient, service: OidcService, staff: Staff, lies: dict[str, Any], ago: dict[str, int]
) -> None:
    service.lies = at_that_moment(lies, ago)
    assert await arrive(client, service) == FAILED
    assert service.traded == 1, "the code was right: it is the token that is refused"
    assert COOKIE not in client.cookies and not await inside(client)


async def test_a_token_for_two_audiences_that_was_asked_for_by_naru_is_believed(
    client: httpx.AsyncClient, service: OidcService, staff: Staff
) -> None:
    service.lies = {"aud": [CLIENT, "another-client"], "azp": CLIENT}
    assert await arrive(client, service) == "/console"


async def test_a_foreign_key_is_not_believed(client: httpx.AsyncClient, service: OidcService, staff: Staff) -> None:
    known = service.key
    service.key = RSAKey.generate_key(2048, {"kid": known.kid, "use": "sig", "alg": "RS256"})
    assert await arrive(client, service) == FAILED and service.traded == 1


async def test_a_key_that_came_new_is_fetched(client: httpx.AsyncClient, service: OidcService, staff: Staff) -> None:
    assert await arrive(client, service) == "/console"
    client.cookies.clear()
    service.new_key()
    assert await arrive(client, service) == "/console"


async def test_no_signature_and_the_public_key_as_a_secret_are_not_believed(
    client: httpx.AsyncClient, service: OidcService, staff: Staff
) -> None:
    service.algorithm = "none"
    assert await arrive(client, service) == FAILED
    service.algorithm = "HS256"
    assert await arrive(client, service) == FAILED
    assert service.traded == 2


async def test_a_state_counts_once(client: httpx.AsyncClient, service: OidcService, staff: Staff) -> None:
    back = service.authorise(await begin(client))
    begun = client.cookies["naru_sso"]
    assert (await client.get(back)).headers["location"] == "/console"
    client.cookies.clear()
    state = parse_qs(urlsplit(back).query)["state"][0]
    replayed = service.codes["fresh"] = {"code_challenge": "", "redirect_uri": "", "nonce": ""}
    assert replayed
    again = f"{back.partition('?')[0]}?{urlencode({'code': 'fresh', 'state': state})}"
    answer = await client.get(again, headers={"Cookie": f"naru_sso={begun}"})
    assert answer.headers["location"] == FAILED
    assert "fresh" in service.codes, "the code was not even tried"
    assert not await inside(client)


async def test_only_the_browser_that_began_comes_back(
    app: FastAPI, client: httpx.AsyncClient, service: OidcService, staff: Staff
) -> None:
    theirs = service.authorise(await begin(client))
    async with visiting(app) as victim:
        assert (await victim.get(theirs)).headers["location"] == FAILED, "it began nothing"
        await begin(victim)
        assert (await victim.get(theirs)).headers["location"] == FAILED, "it began another one"
        assert not await inside(victim)


async def test_a_made_up_or_old_beginning_is_refused(
    client: httpx.AsyncClient, service: OidcService, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = service.authorise(await begin(client))
    begun = client.cookies["naru_sso"]
    client.cookies.clear()
    for cookie in ("", "made-up", begun[:-4] + "AAA="):
        answer = await client.get(back, headers={"Cookie": f"naru_sso={cookie}"})
        assert answer.headers["location"] == FAILED
    at = time.time()
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: at + 11 * 60)
    answer = await client.get(back, headers={"Cookie": f"naru_sso={begun}"})
    assert answer.headers["location"] == FAILED


async def test_a_refusal_at_the_service_and_a_wrong_code_lead_back(
    client: httpx.AsyncClient, service: OidcService, staff: Staff
) -> None:
    back = service.authorise(await begin(client))
    plain, _mark, _query = back.partition("?")
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = await client.get(f"{plain}?{urlencode({'error': 'access_denied', 'state': state})}")
    assert answer.headers["location"] == FAILED
    back = service.authorise(await begin(client))
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = await client.get(f"{plain}?{urlencode({'code': 'guessed', 'state': state})}")
    assert answer.headers["location"] == FAILED


async def test_a_service_that_is_down_or_calls_itself_otherwise_is_said(settings: Any, service: OidcService) -> None:
    for issuer in ("http://127.0.0.1:9", f"{service.issuer}/"):
        chosen = {"oidc_issuer": issuer, "oidc_client_id": CLIENT}
        async with visiting(create_app(settings.model_copy(update=chosen))) as client:
            answer = await client.get("/console/login/sso", headers=PAGE)
            assert answer.headers["location"] == FAILED


async def test_without_settings_there_is_no_single_sign_on(settings: Any) -> None:
    async with visiting(create_app(settings)) as client:
        assert (await client.get("/console/login/sso")).status_code == 404
        assert (await client.get("/console/login/sso/back?code=1&state=2")).status_code == 404
        assert "통합 로그인" not in (await client.get("/console/login", headers=PAGE)).text


async def test_the_cookie_of_a_beginning_hides_its_secrets(client: httpx.AsyncClient, service: OidcService) -> None:
    address = await begin(client)
    nonce = parse_qs(urlsplit(address).query)["nonce"][0]
    assert nonce not in client.cookies["naru_sso"]
