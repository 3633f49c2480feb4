"""One script for everything: what is bundled, what is refused, how it is served, and the tag to paste."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from channels.widget_bundle import UnbundledModule, bundle
from tests.conftest import Service, Visitor

NODE = shutil.which("node")


def modules(folder: Path, **code: str) -> Path:
    for name, content in code.items():
        (folder / f"{name}.js").write_text(content, encoding="utf-8")
    return folder / "main.js"


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_the_bundle_does_what_the_modules_do(tmp_path: Path) -> None:
    entry = modules(
        tmp_path,
        main='import { twice, Count } from "./a.js";\nimport {\n  own,\n} from "./b.js";\nconst hidden = "main";\n'
        "console.log(JSON.stringify([twice(4), new Count().next(), own(), hidden]));\n",
        a='import { own } from "./b.js";\nconst hidden = "a";\nexport function twice(n) {\n  return n * 2 + own().length;\n}\n'
        "export class Count {\n  next() {\n    return hidden;\n  }\n}\nexport async function later() {}\n",
        b='export const own = () => hidden;\nconst hidden = "bb";\n',
    )
    script = bundle(entry).script
    ran = subprocess.run([NODE, "-"], input=script, capture_output=True, text=True)  # type: ignore[list-item]
    assert json.loads(ran.stdout) == [10, "a", "bb", "main"], ran.stderr
    assert script.index("bb") < script.index("twice(n)")


@pytest.mark.parametrize(
    "code",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        'import { one as other } from "./a.js";',
        'import "./a.js";',
        'import { missing } from "./a.js";',
        'import { one } from "https://elsewhere.example/a.js";',
        'import { one } from "./a.js"; import { two } from "./a.js";',
        'const late = await import("./a.js");',
        "const here = import.meta.url;",
        "export default 7;",
        "export let counter = 0;",
        "export { one };\nconst one = 1;",
        'export * from "./a.js";',
        "export const { one } = {};",
        "export function* each() {}",
        "await fetch('/x');",
    ],
)
def test_what_it_can_not_bundle_it_refuses(tmp_path: Path, code: str) -> None:
    with pytest.raises(UnbundledModule):
        bundle(modules(tmp_path, main=code + "\n", a="export const one = 1;\nexport const two = 2;\n"))


def test_modules_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnbundledModule, match=r"main\.js → a\.js"):
        bundle(
            modules(
                tmp_path,
                main='import { a } from "./a.js";\nexport const b = 1;\n',
                a='import { b } from "./main.js";\nexport const a = 1;\n',
            )
        )


def test_the_whole_widget_weighs_at_most_40_kb(service: Service) -> None:
    with httpx.stream("GET", f"{service.address}/widget.js", headers={"Accept-Encoding": "gzip"}) as served:
        assert served.headers["content-encoding"] == "gzip"
        packed = b"".join(served.iter_raw())
    assert len(packed) <= 40_000
    script = gzip.decompress(packed).decode()
    assert not re.search(
        r"^\s*(import|export)\b|import\(|import\.meta|\beval\(|new Function|innerHTML|document\.cookie", script, re.M
    )


def test_browsers_ask_again_only_for_what_is_new(service: Service) -> None:
    first = httpx.get(f"{service.address}/widget.js")
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["content-type"].startswith("text/javascript")
    assert "set-cookie" not in first.headers
    again = httpx.get(f"{service.address}/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = httpx.get(f"{service.address}/widget.js", headers={"If-None-Match": 'W/"another"'})
    assert other.status_code == 200


def test_the_pinned_tag_names_exactly_what_is_served(service: Service) -> None:
    naru = [sys.executable, "-c", "from channels.command_line import main; main()"]
    env = os.environ | {"NARU_PUBLIC_URL": service.address}
    printed = subprocess.run([*naru, "widget", "tag", "--json"], env=env, capture_output=True, text=True, check=True)
    tags = json.loads(printed.stdout)
    assert f'src="{service.address}/widget.js"' in tags["following"]
    assert "integrity" not in tags["following"]
    address = re.search(r'src="([^"]+)"', tags["pinned"])
    assert address
    served = httpx.get(address[1])
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["access-control-allow-origin"] == "*"
    digest = base64.b64encode(hashlib.sha384(served.content).digest()).decode()
    assert f'integrity="sha384-{digest}" crossorigin="anonymous"' in tags["pinned"]
    assert served.content == httpx.get(f"{service.address}/widget.js").content


@pytest.mark.parametrize("name", ["0" * 32, "x", "..%2fapp"])
def test_an_unknown_hash_is_404(service: Service, name: str) -> None:
    assert httpx.get(f"{service.address}/widget/{name}.js").status_code == 404


def test_names_of_records(service: Service) -> None:
    known = httpx.get(f"{service.address}/widget/records/programme.export-voucher?language=en").json()
    assert known == {"record": "programme.export-voucher", "name": "Export Voucher"}
    assert httpx.get(f"{service.address}/widget/records/programme.nothing").status_code == 404
    assert httpx.get(f"{service.address}/widget/records/programme.export-voucher?language=xx").status_code == 422


def test_text_is_packed_and_events_are_not(service: Service) -> None:
    for path in ("/", "/demo", "/demo/en", "/openapi.json"):
        served = httpx.get(service.address + path, headers={"Accept-Encoding": "gzip"})
        assert (served.status_code, served.headers["content-encoding"]) == (200, "gzip"), path
    one, elsewhere = Visitor(service.address), Visitor(service.address)
    elsewhere.id, elsewhere.http.headers = one.id, one.http.headers
    with one.http.stream("GET", f"/api/conversations/{one.id}/events", headers={"Accept-Encoding": "gzip"}) as stream:
        assert "content-encoding" not in stream.headers
        said = time.monotonic()
        elsewhere.say("신용장이 뭐예요?")
        line = next(line for line in stream.iter_lines() if line.startswith("data:"))
        assert json.loads(line.removeprefix("data:"))["message"] == {"text": "신용장이 뭐예요?"}
        assert time.monotonic() - said < 8
