import HTTPMessages

extension Endpoints {
    /// The answer as a form (OAuth 2.0 Form Post Response Mode §2). Other providers send it by a script; here the user
    /// does, and sees how it travels.
    func formPostPage(_ answer: FormParameters, to redirectURI: String) -> HTTPResponse {
        let fields = answer.parameters.map { parameter -> Markup in
            "<input type=\"hidden\" name=\"\(parameter.name)\" value=\"\(parameter.value)\">\n"
        }
        return page(
            "Back to the application",
            """
            <form class="card" method="post" action="\(redirectURI)">
            <h1>Back to the application</h1>
            <p>The application asked for the answer by <strong>form post</strong>: it travels in the body of a form.</p>
            \(fields)<p class="actions"><button class="primary">Continue</button></p>
            </form>
            """)
    }
}
