"""The secrets that a running party lives by, and how they are replaced without a restart.

Only secrets change: tokens in and out, certificates and their bindings. Whatever else differs in PARTY.toml wants a
restart, and then nothing is replaced.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from reference_impl.kernel.party import Refusal
from reference_impl.serve.authentication import Authenticate, Tokens, presented_key
from reference_impl.serve.config import PartyConfig, read_config
from reference_impl.serve.protocol import Counterpart, Served
from reference_impl.serve.tls import Certificates, client_context, server_context, show
from reference_impl.serve.tomlfile import ConfigError


class Credentials:
    """Everything secret of one party. The tables and contexts stay the same objects; their contents are replaced."""

    def __init__(self, config: PartyConfig, served: Served) -> None:
        self._config = config
        self._served = served
        self._partners = Tokens({})
        self.operator = Tokens({})
        self.certificates = Certificates()
        self.counterparts: Mapping[str, Counterpart] = {}
        self.east_west_tls = server_context(config.tls, clients=True) if config.tls.serves else None
        self.northbound_tls = server_context(config.tls, clients=False) if config.tls.serves else None
        self.calls_tls = client_context(config.tls)
        self.calls_tls_of = {
            origin(each.url): client_context(config.tls, each.ca) for each in config.partners if each.ca is not None
        }
        self._take(config)

    @property
    def authenticate(self) -> Authenticate:
        return presented_key if self._served.keys == "party" else self._partners

    def rotate(self) -> list[str]:
        """Read PARTY.toml and its token files again; the counterparts whose secrets hold from now on.

        Refusal (409) where the file cannot be used or tells more than secrets; the old ones hold on then.
        """
        try:
            fresh = read_config(self._config.file, self._served)
            if _fixed(fresh) != _fixed(self._config):
                raise Refusal(409, f"{self._config.file.name}: want other secrets only; for the rest start again")
            contexts = [self.east_west_tls, self.northbound_tls, self.calls_tls, *self.calls_tls_of.values()]
            for context in contexts:
                if isinstance(context, ssl.SSLContext):
                    show(context, fresh.tls)
        except ConfigError as problem:
            raise Refusal(409, str(problem)) from None
        except OSError as problem:
            raise Refusal(409, f"certificate: {problem}") from None
        self._take(fresh)
        return [each.id for each in fresh.partners]

    def _take(self, config: PartyConfig) -> None:
        self._partners.replace({each.id: each.tokens_in for each in config.partners})
        self.operator.replace({"operator": config.northbound_tokens})
        self.certificates.replace({each.id: each.bound for each in config.partners} | dict(config.clients))
        self.counterparts = {each.id: each for each in config.partners}


def _fixed(config: PartyConfig) -> object:
    """What no rotation changes."""
    partners = [(each.id, each.url, each.own_id, each.display_name, each.ca) for each in config.partners]
    settings = (config.provisioning_ms, config.tls, config.limits, dict(config.quotas))
    return config.protocol, config.id, config.listen, config.northbound, partners, settings


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    return f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
