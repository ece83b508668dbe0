"""idpyoidc behind HTTP: each route hands a request to one of the library's endpoints, and says what it answers.

usage: provider.py PORT URL RELYING_PARTY ALGORITHM
LOGOUT_CHANNEL: back (or front), the channel by which the client is told of a logout.
"""

import html
import json
import os
import sys

from configuration import AUTHENTICATION, client, provider
from cryptojwt.utils import as_unicode
from flask import Flask, Response, redirect, request
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.authn_event import create_authn_event
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import FailedAuthentication

port, issuer, relying_party, algorithm = sys.argv[1:]
app = Flask(__name__)
server = Server(OPConfiguration(provider(issuer, algorithm)), cwd=".")
context = server.context
context.cdb["oidc-demo"] = client(relying_party, algorithm, os.environ.get("LOGOUT_CHANNEL", "back"))
server.keyjar.add_symmetric("oidc-demo", context.cdb["oidc-demo"]["client_secret"])


def page(title, body):
    return (f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}</html>")


def login_form(query, complaint=""):
    return page("Log in", (
        f"<p>{complaint}</p><form method=post action=/verify>"
        f"<input type=hidden name=query value='{html.escape(query)}'>"
        "<label>User <input type=text name=username></label>"
        "<label>Password <input type=password name=password></label><button>Log in</button></form>"))


def http_info():
    return {
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "method": request.method, "url": request.url,
        "cookie": [{"name": name, "value": value} for name, value in request.cookies.items()
                   if name in context.cookie_handler.name.values()],
    }


def answer(endpoint, given, **about):
    """The endpoint's answer as HTTP."""
    made = endpoint.do_response(request=about.pop("request", None), **given)
    placement = made.get("response_placement") or endpoint.response_placement
    if placement == "url":
        response = redirect(made["response"], 303)
    else:
        response = Response(made["response"], made.get("response_code", 400 if "error" in given else 200))
    for name, value in made["http_headers"]:
        if placement != "url" or name.lower() != "content-type":
            response.headers[name] = value
    return with_cookies(response, made.get("cookie", ()))


def with_cookies(response, cookies):
    for cookie in cookies:
        response.set_cookie(
            cookie["name"], cookie["value"], path="/", samesite="Lax", httponly=True,
            expires=cookie.get("expires", "").rstrip(";") or None)
    return response


@app.get("/.well-known/openid-configuration")
def discovery():
    endpoint = server.get_endpoint("provider_config")
    return answer(endpoint, endpoint.process_request())


@app.get("/jwks.json")
def keys():
    return Response(server.keyjar.export_jwks_as_json(), content_type="application/json")


@app.get("/authorization")
def authorization():
    endpoint = server.get_endpoint("authorization")
    asked = endpoint.parse_request(request.args.to_dict(), http_info())
    if "error" in asked:
        return Response(asked.to_json(), 400, content_type="application/json")
    outcome = endpoint.process_request(asked, http_info())
    if "http_response" in outcome:  # it wants to know who the user is
        return login_form(request.query_string.decode())
    return answer(endpoint, outcome, request=asked)


@app.post("/verify")
def verify():
    method = context.authn_broker.get_method_by_id("user")
    try:
        user = method.verify(username=request.form["username"], password=request.form["password"])
    except FailedAuthentication:
        return login_form(request.form["query"], "Wrong name or password")
    endpoint = server.get_endpoint("authorization")
    asked = endpoint.parse_request(
        AuthorizationRequest().from_urlencoded(request.form["query"]).to_dict(), http_info())
    if "error" in asked:
        return Response(asked.to_json(), 400, content_type="application/json")
    session = endpoint.create_session(asked, user, AUTHENTICATION, 0, method)
    return answer(endpoint, endpoint.authz_part2(asked, session), request=asked)


@app.post("/token")
def token():
    return serve("token", request.form.to_dict())


@app.route("/userinfo", methods=["GET", "POST"])
def userinfo():
    return serve("userinfo", request.values.to_dict())


def serve(name, parameters):
    endpoint = server.get_endpoint(name)
    try:
        asked = endpoint.parse_request(parameters, http_info())
        outcome = asked if "error" in asked else endpoint.process_request(asked, http_info=http_info())
    except Exception as error:  # the library raises what it has no answer for
        app.logger.exception("at %s", name)
        return Response(json.dumps({"error": "invalid_request", "error_description": str(error)}), 400)
    if "error" in outcome:
        return Response(outcome.to_json(), 400, content_type="application/json")
    return answer(endpoint, outcome, request=asked)


@app.route("/session", methods=["GET", "POST"])
def end_session():
    """Asks whether to log out; a user may open this without any relying party."""
    endpoint = server.get_endpoint("session")
    try:
        # Not its parse_request, which wants an access token.
        asked = endpoint.request_cls(**request.values.to_dict())
        asked.verify(keyjar=server.keyjar, sigalg="")
        outcome = endpoint.process_request(asked, http_info=http_info())
    except Exception as error:  # likewise
        app.logger.exception("at the end of a session")
        return page("No session", html.escape(str(error))), 400
    return redirect(outcome["redirect_location"], 303)


@app.get("/logout")
def ask():
    return page("Log out?", (
        "<form method=post action=/logout><input type=hidden name=sjwt "
        f"value='{html.escape(request.args['sjwt'])}'><button>Log out</button></form>"))


@app.post("/logout")
def log_out():
    endpoint = server.get_endpoint("session")
    about = endpoint.unpack_signed_jwt(request.form["sjwt"])
    frames = list(endpoint.do_verified_logout(about["sid"]))
    if frames:
        body = "".join(frames) + f"<a href='{html.escape(about['redirect_uri'])}'>Go on</a>"
        response = Response(page("Logging out", body))
    else:
        response = redirect(about["redirect_uri"], 303)
    return with_cookies(response, endpoint.kill_cookies())


@app.get("/bye")
def bye():
    return page("Logged out", "")


if __name__ == "__main__":
    app.run("127.0.0.1", int(port), threaded=True)
