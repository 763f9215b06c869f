"""Access control for the embedded AWS: an ASGI application around MiniStack, which itself carries out every call.

A call must be addressed to the listener, must not come from a web page, and must be signed (Signature Version 4, over headers and body)
with the access key of this start or a key created with it. Signatures do not expire, since tests move their functions' clocks. Only a
function's public URL accepts unsigned calls, as on AWS; they reach that function only.
"""

import hashlib
import json
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ministack.core.iam_evaluator import CredentialResolutionError, resolve_credential
from ministack.core.sigv4 import HeaderSignature, decode_header_value, header_signature_failure, parse_header_signature
from ministack.services import lambda_svc

UNSIGNED = "the call is not signed with the access key of this start"
FUNCTION_URLS = "/_aws/lambda-url/"


def foreign(headers, repeated, hosts):
    """The reason to deny a call by its headers alone; None if there is none."""
    if repeated:
        return "the call repeats a header"
    if headers.get("host") not in hosts:
        return f"the Host header must be {hosts[0]}, not {headers.get('host')}"
    if any(name == "origin" or name.startswith("sec-fetch-") for name in headers):
        return "no web page may call this"
    return None


def signature_of(headers):
    """The call's signature and its key's secret; None if either is missing, or if the signature does not cover the host and every x-amz-* header."""
    if not headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
        return None
    signature = parse_header_signature(headers)
    if not isinstance(signature, HeaderSignature):
        return None
    key = signature.access_key_id
    # MiniStack gives functions their account's number as key id, with the secret of this start.
    credential = resolve_credential(key, key if key.isdigit() else None)
    covered = signature.signed_headers.split(";")
    required = [name for name in headers if name == "host" or name.startswith("x-amz-")]
    if isinstance(credential, CredentialResolutionError) or not set(required) <= set(covered):
        return None
    return signature, credential.secret_access_key


def is_signed(scope, headers, signature, secret, body):
    digest = hashlib.sha256(body).hexdigest()
    if headers.get("x-amz-content-sha256", digest) != digest:
        return False
    path = scope["raw_path"].decode("ascii")
    query = parse_qs(scope["query_string"].decode("ascii"), keep_blank_values=True)
    return header_signature_failure(signature, secret, scope["method"], path, query, headers, body) is None


async def read(receive):
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


async def deny(send, headers, code, reason):
    """Answers as AWS does: XML to a posted form, otherwise JSON."""
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        kind, body = "text/xml", f"<ErrorResponse><Error><Code>{code}</Code><Message>{escape(reason)}</Message></Error></ErrorResponse>"
    else:
        kind, body = "application/json", json.dumps({"__type": code, "message": reason})
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", kind.encode()), (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body.encode()})


async def call_function(scope, headers, body, send):
    """Passes a call of a function's URL to that function, without the rest of the emulator."""
    url_id, _, path = scope["path"][len(FUNCTION_URLS) :].partition("/")
    resolved = lambda_svc.resolve_function_url(url_id)
    if body is None:
        return None
    if resolved is None or resolved[-1]["AuthType"] != "NONE":
        return await deny(send, headers, "AccessDenied", "there is no such public function URL")
    query = parse_qs(scope["query_string"].decode("ascii"), keep_blank_values=True)
    status, answered, content = await lambda_svc.handle_function_url_request(
        url_id, scope["method"], f"/{path}", headers, body, query, resolved, "127.0.0.1"
    )
    pairs = [(name.lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in answered.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": content if isinstance(content, bytes) else content.encode()})


class Guard:
    def __init__(self, app, hosts):
        """`hosts`: every `name:port` by which clients may address the listener."""
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self.http(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def http(self, scope, receive, send):
        headers = {name.decode("latin-1").lower(): decode_header_value(value) for name, value in scope["headers"]}
        reason = foreign(headers, len(headers) < len(scope["headers"]), self.hosts)
        if reason:
            return await deny(send, headers, "AccessDenied", reason)
        if scope["path"].startswith(FUNCTION_URLS):
            return await call_function(scope, headers, await read(receive), send)
        signature = signature_of(headers)
        if not signature:
            return await deny(send, headers, "InvalidClientTokenId", UNSIGNED)
        body = await read(receive)
        if body is None:
            return None
        if not is_signed(scope, headers, *signature, body):
            return await deny(send, headers, "SignatureDoesNotMatch", UNSIGNED)
        await self.app(scope, replaying(body, receive), without_cors(send))


def replaying(body, receive):
    """Receives the body, which has been read, again; then what follows it."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message():
        return messages.pop() if messages else await receive()

    return next_message


def without_cors(send):
    async def send_own(message):
        if message["type"] == "http.response.start":
            headers = [pair for pair in message.get("headers", []) if not pair[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": headers}
        await send(message)

    return send_own
