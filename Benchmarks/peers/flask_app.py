"""The same application with Flask and Authlib: a login, the session in Flask's signed cookie, a page of claims."""

import os
import urllib.parse

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, render_template, session, url_for

MEANINGS = {
    "sub": "The user's identifier at the provider", "name": "The full name", "preferred_username": "The user name",
    "email": "The e-mail address", "email_verified": "Whether the provider has checked the e-mail address",
}

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
provider = OAuth(app).register(
    "oidc_entry", client_id=os.environ["CLIENT_ID"], client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["SERVER_METADATA_URL"],
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"})


@app.get("/")
def home():
    user = session.get("user")
    if user is None:
        return render_template("welcome.html")
    return render_template("home.html", user=user, meanings=MEANINGS)


@app.get("/login")
def login():
    return provider.authorize_redirect(url_for("authorize", _external=True))


@app.get("/login/authorize")
def authorize():
    token = provider.authorize_access_token()
    session.clear()
    session["user"] = provider.userinfo(token=token)
    return redirect(url_for("home"))


@app.get("/logout")
def logout():
    session.clear()
    back = urllib.parse.urlencode({"post_logout_redirect_uri": url_for("home", _external=True)})
    return redirect(f"{provider.load_server_metadata()['end_session_endpoint']}?{back}")
