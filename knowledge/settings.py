"""Every setting of Naru in one typed place, read once from the environment (NARU_…)."""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What can be set from outside. `naru settings` prints this table."""

    model_config = SettingsConfigDict(env_prefix="NARU_", env_file=".env", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the service listens on.")
    data_dir: Path = Field(ROOT / "var", description="Folder for the database, the model and files.")
    database_url: str | None = Field(
        None, description="SQLAlchemy address of the database; empty: a SQLite file in the data folder."
    )
    redis_url: SecretStr | None = Field(
        None, description="Redis for conversation locks and rate limits shared by several processes; empty: in memory."
    )
    pack: str = Field("korea", description="Which country's knowledge pack is served.")
    packs_dir: Path = Field(ROOT / "knowledge" / "packs", description="Folder that holds the packs.")
    default_language: str = Field("ko", pattern="^(ko|en)$", description="Language of a new conversation.")
    secret: SecretStr | None = Field(
        None, description="Key that signs file addresses; empty: made once and kept in the data folder."
    )
    allowed_origins: str = Field("*", description="Web origins, separated by commas, that may embed the widget.")
    longest_message: int = Field(5000, ge=1, description="Characters of a message beyond which it is not read.")
    messages_per_minute: int = Field(60, ge=1, description="Messages one conversation may send in a minute.")
    requests_per_minute: int = Field(600, ge=1, description="Requests one address may send in a minute.")
    largest_file: int = Field(10_000_000, ge=1, description="Bytes of the largest file that may be uploaded.")
    case_key: SecretStr | None = Field(
        None,
        description="Fernet keys, separated by commas, newest first, that seal what firms tell; empty: made once and "
        "kept in the data folder.",
    )
    retention_days: int = Field(365, ge=1, description="Days after the last change until a case is erased.")
    delivery_routes: SecretStr | None = Field(
        None,
        description="Where applications go: JSON of organisation id (or desk) to {connector, address, secret}; empty: "
        "printed into the data folder.",
    )
    deliver_seconds: int = Field(
        30,
        ge=0,
        description="Seconds between two rounds of handing over applications in `naru serve`; 0: a cron job runs "
        "`naru cases deliver` and `naru cases purge`.",
    )
    smtp_host: str | None = Field(None, description="Mail server that applications are sent through.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str | None = Field(None, description="Name Naru signs in to the mail server with; empty: none.")
    smtp_password: SecretStr | None = Field(None, description="Password for that name.")
    smtp_tls: str = Field("starttls", pattern="^(starttls|tls|none)$", description="How mail is kept from readers.")
    mail_from: str | None = Field(None, description="Address Naru's mail comes from.")
    handover_email: str | None = Field(None, description="Where people are sent who ask for a person.")
    public_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Address people reach this Naru at from outside, without a final slash: for links in other "
        "channels.",
    )
    telegram_token: SecretStr | None = Field(
        None, description="Token of the Telegram bot (from @BotFather); empty: off."
    )
    telegram_bot: str | None = Field(
        None,
        pattern="^[A-Za-z0-9_]{5,32}$",
        description="The bot's name without @, for links that lead people to it.",
    )
    telegram_mode: str = Field(
        "polling",
        pattern="^(webhook|polling)$",
        description="How Telegram's messages come: polling needs no public address, webhook needs NARU_PUBLIC_URL.",
    )
    telegram_secret: SecretStr | None = Field(
        None,
        description="Secret Telegram sends with every webhook call (letters, digits, _ and -); needed for webhook.",
    )
    telegram_api: str = Field(
        "https://api.telegram.org", pattern="^https?://", description="Address of Telegram's Bot API."
    )
    kakao_secret: SecretStr | None = Field(
        None, description="Secret that KakaoTalk's skill sends in the header X-Naru-Secret; empty: KakaoTalk is off."
    )
    kakao_seconds: float = Field(
        4.5, gt=0, lt=5, description="Seconds within which KakaoTalk gets an answer or a promise of one."
    )
    kakao_callback_hosts: str = Field(
        "kakao.com,kakaocdn.net,kakaoenterprise.com",
        description="Hosts, with those below them, that a late KakaoTalk answer may be posted to.",
    )
    kakao_channel: str | None = Field(
        None,
        pattern="^https?://",
        description="Address of the KakaoTalk channel, shown to people who want to go on there.",
    )
    chatwoot_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Address of the Chatwoot Naru is an agent bot of; empty: Chatwoot is off.",
    )
    chatwoot_token: SecretStr | None = Field(None, description="Access token of that agent bot.")
    chatwoot_secret: SecretStr | None = Field(
        None, description="Secret in the webhook address given to Chatwoot (?secret=…), which proves who calls."
    )
    desk: bool = Field(False, description="Whether people sit at the console (/console) and take conversations over.")
    desk_hours: str = Field(
        "Mon-Fri 09:00-18:00",
        description="When they do, in Korean time: days and hours, several separated by commas; closed on public "
        "holidays unless a part such as PH 10:00-12:00 says otherwise.",
    )
    desk_away_seconds: int = Field(
        60,
        ge=5,
        description="Seconds without a sign of life of a person at the desk after which their chats wait again.",
    )
    audit_days: Annotated[int | None, BeforeValidator(lambda given: None if given == "" else given)] = Field(
        None, ge=1, description="Days after which lines of the console's log are removed; empty: they are kept."
    )
    session_hours: float = Field(10, gt=0, le=72, description="Hours after which staff sign in again.")
    oidc_issuer: str | None = Field(
        None,
        pattern="^https?://",
        description="Issuer of the OpenID Connect service staff may sign in with; empty: off.",
    )
    oidc_client_id: str | None = Field(None, description="Naru's name there.")
    oidc_client_secret: SecretStr | None = Field(None, description="Naru's secret there.")
    switched_off: str = Field("", description="Record ids, separated by commas, that must not be shown.")
    model_path: Path | None = Field(None, description="A trained model to serve; empty: the newest in the data folder.")
    evaluation_set: Path = Field(
        ROOT / "tests" / "evaluation" / "intents.yaml",
        description="Labelled questions models trained at the console are weighed on; without them none goes live.",
    )
    bizinfo_url: str = Field(
        "https://www.bizinfo.go.kr/uss/rss/bizinfoApi.do",
        pattern="^https?://",
        description="Address of 기업마당's open list of support programmes.",
    )
    bizinfo_key: SecretStr | None = Field(
        None, description="Key for that list (crtfcKey), from bizinfo.go.kr; empty: no announcements are fetched."
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged.")

    @property
    def database(self) -> str:
        """The address of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'naru.db'}"

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept."""
        return self.data_dir / "models"

    def signing_key(self) -> str:
        """The key that signs file addresses; made on first use and kept, so that a restart breaks no address."""
        if self.secret:
            return self.secret.get_secret_value()
        path = self.data_dir / "secret"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        return path.read_text().strip()

    def case_keys(self) -> str:
        """The Fernet keys that seal what firms tell, separated by commas; made on first use and kept, mode 0600.

        Whoever loses the key loses the cases: keep a copy apart from the database's backup.
        """
        if self.case_key:
            return self.case_key.get_secret_value()
        path = self.data_dir / "case-key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            return _made_once(path, urlsafe_b64encode(secrets.token_bytes(32)).decode())


def _made_once(path: Path, content: str) -> str:
    """Writes a secret file whole and returns what it holds; of two processes at once the first one counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        draft.unlink()
    return content


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
