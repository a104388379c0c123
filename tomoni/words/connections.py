"""A source's connection, in words: mistakes in its settings, and what else keeps it from answering."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Phrase
from tomoni.words.text import mark

SETTINGS: Mapping[str, Phrase] = {
    "secret_ends_line": Phrase(
        mark("The value ends (or begins) with a line break."),
        mark("Remove it from the environment variable; a secret read as ${file:PATH} is trimmed."),
    ),
    "secret_has_control": Phrase(
        mark("The value has a line break or another control character in it, which cannot be sent."),
        mark("Check that it is one secret on one line."),
    ),
    "secret_has_blanks": Phrase(
        mark("The token begins or ends with a blank."), mark("Remove the blanks from where it is set.")
    ),
    "secret_is_a_path": Phrase(
        mark("The value is the path of a file, not a secret."),
        mark("Write ${file:PATH} with this path to use what the file contains."),
    ),
    "token_has_scheme": Phrase(
        mark("The token begins with %(scheme)s, which is added when it is sent."),
        mark("Write the token alone; the word before it goes under scheme."),
    ),
    "bad_auth_scheme": Phrase(
        mark("The scheme is not a single word."), mark("Write the word before the token, such as Bearer.")
    ),
    "username_has_colon": Phrase(
        mark("The user name contains a colon, which separates it from the password."),
        mark("Write the name under username and the password under password."),
    ),
    "authorization_twice": Phrase(
        mark("The source has both auth and a header Authorization, and only one can be sent."),
        mark("Remove one of them."),
    ),
    "bad_header_name": Phrase(
        mark("This is not the name of an HTTP header."),
        mark("Use letters, digits and hyphens, without the colon."),
    ),
    "header_reserved": Phrase(
        mark("The header %(header)s is written by Tomoni itself."), mark("Remove it from headers.")
    ),
}
_PROXY = mark("Check its address: proxy in sources.yaml, or HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment.")
REACHING: Mapping[str, Phrase] = {
    "unreachable.no_route": Phrase(
        mark("There is no route to the host %(host)s."),
        mark("Check the address in sources.yaml, and the network or VPN of the machine that runs Tomoni."),
    ),
    "unreachable.no_connection_in_time": Phrase(
        mark("The host %(host)s did not accept a connection in time."),
        mark("Check the address and port in sources.yaml, and the firewalls in between."),
    ),
    "unreachable.not_http": Phrase(
        mark("What listens at the source's address does not speak HTTP."),
        mark("Check the port in sources.yaml."),
    ),
    "unreachable.https_wanted": Phrase(
        mark("The server speaks HTTPS, but the url begins with http://."),
        mark("Write https:// in sources.yaml."),
    ),
    "unreachable.no_tls": Phrase(
        mark("The server does not speak TLS on this port, but the url begins with https://."),
        mark("Write http:// in sources.yaml, or the port on which the server speaks TLS."),
    ),
    "unreachable.tls_expired": Phrase(
        mark("The certificate of %(host)s has expired."),
        mark("Renew it on the server; if it is valid, check the clock of the machine that runs Tomoni."),
    ),
    "unreachable.tls_not_yet_valid": Phrase(
        mark("The certificate of %(host)s is not valid yet."),
        mark("Check the clocks of the server and of the machine that runs Tomoni."),
    ),
    "unreachable.tls_self_signed": Phrase(
        mark("The certificate of %(host)s is signed by itself, so nothing vouches for it."),
        mark("Set verify_tls to a file that contains this certificate."),
    ),
    "unreachable.tls_unknown_authority": Phrase(
        mark("The certificate of %(host)s comes from an authority that is not known here."),
        mark("Set verify_tls to the file of that authority's certificate."),
    ),
    "unreachable.tls_other_host": Phrase(
        mark("The certificate is for another host than %(host)s."),
        mark("Write the host that it names in url, or that name under tls: server_name."),
    ),
    "unreachable.tls_client_certificate": Phrase(
        mark("The server requires a client certificate that it accepts."),
        mark("Set cert_file and key_file under tls to a certificate from the authority that the server trusts."),
    ),
    "unreachable.tls_version": Phrase(
        mark("The server and Tomoni have no TLS version in common."),
        mark("Check min_version under tls, and which versions the server offers."),
    ),
    "unreachable.tls_ended": Phrase(
        mark("The server ended the TLS connection without an answer."),
        mark("If it requires a client certificate, set cert_file and key_file under tls to one that it accepts."),
    ),
    "unreachable.tls_handshake": Phrase(
        mark("The TLS connection to the source cannot be established."),
        mark("Compare tls and verify_tls in sources.yaml with the TLS settings of the server."),
    ),
    "unreachable.client_cert_file": Phrase(
        mark("The client certificate under tls cannot be used."),
        mark("Check that cert_file and key_file exist, belong together, are PEM, and need no passphrase."),
    ),
    "unreachable.proxy": Phrase(mark("The proxy to the source cannot be reached."), _PROXY),
    "unreachable.proxy_target": Phrase(
        mark("The proxy does not reach %(host)s (status %(status)s)."),
        mark("Check the address in sources.yaml as seen from the proxy, or leave the host out with no_proxy."),
    ),
    "unreachable.oauth2_server": Phrase(
        mark("The token server %(host)s cannot be reached."),
        mark("Check token_url in sources.yaml, its certificate, and the network in between."),
    ),
    "bad_answer.empty": Phrase(
        mark("The answer is empty."),
        mark("Check that the address points to the source itself; then the proxies in between."),
    ),
    "bad_answer.compression": Phrase(
        mark("The answer is not compressed the way that it claims."),
        mark("Check the proxies in between, which may have changed it."),
    ),
    "bad_answer.other_server": Phrase(
        mark("%(server)s answers at this address, not a server with the Prometheus API."),
        mark("Write the address and port of the Prometheus server itself in sources.yaml."),
    ),
    "bad_answer.wrong_path": Phrase(
        mark("The Prometheus API is not below this URL, but it answers at %(meant)s."),
        mark("Write url: %(meant)s in sources.yaml."),
    ),
    "bad_answer.redirected_elsewhere": Phrase(
        mark("The address redirects to %(location)s; redirects are not followed."),
        mark("Write url: %(meant)s in sources.yaml."),
    ),
    "bad_answer.redirected_to_sign_in": Phrase(
        mark("The address redirects to a page for signing in (%(location)s)."),
        mark("Set auth for this source, or write an address that does not need a browser."),
    ),
}
FAILED: Mapping[str, Phrase] = {
    "server_failed.gateway": Phrase(
        mark("A proxy or load balancer in front of the source gets no answer from it (status %(status)s)."),
        mark("Check that the source is running, and where the proxy leads; missing data is fetched later."),
    ),
}
DENIED: Mapping[str, Phrase] = {
    "access_denied.credentials_missing": Phrase(
        mark("The server requires credentials, and none are configured for this source."),
        mark("Set auth for this source in sources.yaml."),
    ),
    "access_denied.credentials_refused": Phrase(
        mark("The server does not accept the credentials of this source."),
        mark("Check the user name, password or token under auth or headers; it may have expired or been replaced."),
    ),
    "access_denied.auth_scheme": Phrase(
        mark("The server accepts credentials of the kind %(wanted)s, but this source sends %(sent)s."),
        mark("Change the kind (or scheme) under auth."),
    ),
    "access_denied.tenant_missing": Phrase(
        mark("The server requires a tenant, and the request named none."),
        mark("Set headers: {X-Scope-OrgID: …} for this source."),
    ),
    "access_denied.forbidden": Phrase(
        mark("The server denies access to these metrics."),
        mark("Give the user or token of this source the right to query; if none is configured, set auth."),
    ),
    "access_denied.proxy_credentials": Phrase(
        mark("The proxy requires credentials that it accepts."),
        mark("Write them into the proxy's address: proxy: {url: http://${USER}:${PASSWORD}@host:port}."),
    ),
    "access_denied.proxy_refused": Phrase(
        mark("The proxy refuses to connect to %(host)s (status %(status)s)."),
        mark("Allow this host on the proxy, or leave it out with no_proxy."),
    ),
    "access_denied.secret_file_missing": Phrase(
        mark("The file %(file)s of a secret does not exist."),
        mark("Check its path in sources.yaml, and that it is mounted where Tomoni runs."),
    ),
    "access_denied.secret_file_unreadable": Phrase(
        mark("The file %(file)s of a secret cannot be read as text."),
        mark("Make it readable for the user that runs Tomoni; it should be UTF-8 text."),
    ),
    "access_denied.secret_file_empty": Phrase(
        mark("The file %(file)s of a secret is empty."), mark("Check what writes it.")
    ),
    "access_denied.oauth2_client": Phrase(
        mark("The token server %(host)s does not accept the client."),
        mark("Check client_id and client_secret; some servers want client_auth: body."),
    ),
    "access_denied.oauth2_scope": Phrase(
        mark("The token server %(host)s does not grant the scopes."), mark("Check scopes under auth.")
    ),
    "access_denied.oauth2_refused": Phrase(
        mark("The token server %(host)s did not issue a token (status %(status)s)."),
        mark("Check token_url, scopes and params under auth."),
    ),
}
RUNTIME: Mapping[str, Phrase] = {**REACHING, **FAILED, **DENIED}
