import CurlTransport
import OpenIDConnect

/// The protocol alone, for an application that has routes, cookies and sessions of its own. `visit` sends the browser to
/// an address and gives the address that it comes back to.
func logIn(visit: (String) async throws -> String) async throws -> Login {
    let google = try await OpenIDClient(
        discovering: "https://accounts.google.com", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
        redirectURI: "https://app.example/callback", transport: try CurlTransport())
    let (url, pending) = google.beginLogin(scopes: [.openid, .profile, .email])
    // `pending` is kept for this browser and no other, sealed, until it comes back.
    let login = try await google.finishLogin(with: visit(url), pending: pending)
    print(login.idToken.subject, login.userInfo.email ?? "without e-mail")
    return login
}
