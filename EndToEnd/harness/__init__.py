"""The end-to-end tests: the app as a user starts it, a real browser, providers that we did not write."""
