"""Makes the user and the client in the fresh database."""

import os

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

relying_party = os.environ["RELYING_PARTY"]
User.objects.create_user(
    "alice", "alice@example.test", "alice-password-1", first_name="Alice", last_name="Example")
Application.objects.create(
    name="OIDC demo", client_id="oidc-demo", client_secret="demo-secret-0123456789abcdef0123456789",
    client_type=Application.CLIENT_CONFIDENTIAL, authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    algorithm=Application.RS256_ALGORITHM, redirect_uris=relying_party + "/login/authorize",
    post_logout_redirect_uris=relying_party + "/")
