"""Makes one script of the widget's ES modules, so that one integrity hash covers everything a page loads.

Each module becomes a function that returns its exports. Only the forms of import and export that the widget uses are
bundled; any other is refused, so that nothing is served that means something else than the modules do.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

WEB = Path(__file__).parent / "web"

_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\s+(\w+))", re.MULTILINE)
_OTHER = re.compile(
    r"^\s*(?:import|export)\b.*|.*(?:\bimport\s*\(|\bimport\.meta\b).*|^(?:\w.*)?\bawait\b.*", re.MULTILINE
)


class UnbundledModule(ValueError):
    """A module uses a form that this bundler does not know."""


@dataclass(frozen=True)
class Bundle:
    """The script as it is served."""

    script: str

    @cached_property
    def digest(self) -> str:
        """Names the script in its unchanging address."""
        return hashlib.sha256(self.script.encode()).hexdigest()[:32]

    @cached_property
    def integrity(self) -> str:
        """What a browser checks the script against."""
        return "sha384-" + b64encode(hashlib.sha384(self.script.encode()).digest()).decode()


def bundle(entry: Path) -> Bundle:
    """Returns a script that does what the module ``entry`` and all it imports do.

    Raises:
        UnbundledModule: A module has a form of import or export that is not known here, or they import in a circle.
    """
    exports: dict[str, list[str]] = {}
    parts: list[str] = []
    _add(entry, exports, parts, ())
    return Bundle("\n".join(['(() => {\n"use strict";', *parts, "})();\n"]))


@lru_cache(maxsize=1)
def widget() -> Bundle:
    """Returns the widget's script, made once a process."""
    return bundle(WEB / "widget.js")


def _add(path: Path, exports: dict[str, list[str]], parts: list[str], above: tuple[str, ...]) -> None:
    """Puts a module behind those it imports."""
    if path.name in above:
        raise UnbundledModule(f"{path.name} imports itself by way of {' → '.join(above)}")
    if path.name in exports:
        return
    code = path.read_text(encoding="utf-8")
    for names, imported in _IMPORT.findall(code):
        _add(path.parent / imported, exports, parts, (*above, path.name))
        missing = {name.strip() for name in names.split(",") if name.strip()} - set(exports[imported])
        if missing:
            raise UnbundledModule(f"{path.name} imports {', '.join(sorted(missing))}, not exported by {imported}")
    exports[path.name] = _EXPORT.findall(code)
    code = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_variable(found[2])};", code)
    code = _EXPORT.sub("", code)
    if unknown := _OTHER.search(code):
        raise UnbundledModule(f"{path.name}: {unknown[0].strip()}")
    given = ", ".join(exports[path.name])
    parts.append(f"const {_variable(path.name)} = (() => {{\n{code}\nreturn {{ {given} }};\n}})();")


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name)
