import FoundationEssentials
import OpenIDConnect
import WebLogin

extension LogEntry {
    /// What happened to a login: the audit. Who, where and when, and the rule where it failed.
    init(_ event: LoginEvent) {
        let client = CurrentRequest.value?.client
        switch event {
        case .begun(let provider): self.init(.loginBegun, ["provider": provider.name.string, "client": client])
        case .finished(let provider, let issuer, let subject, let authentication):
            self.init(
                .loginFinished,
                [
                    "provider": provider.name.string, "issuer": issuer.string, "subject": subject.string,
                    "client": client, "acr": authentication.acr,
                    "amr": authentication.amr.isEmpty ? nil : authentication.amr.joined(separator: " "),
                    "auth_time": authentication.time.map { UTCTime($0).machine },
                ])
        case .failed(let failure): self.init(failure)
        case .forbidden(let refusal):
            self.init(
                .accessForbidden,
                [
                    "provider": refusal.provider.name.string, "issuer": refusal.issuer.string,
                    "subject": refusal.subject.string, "client": client, "missing": refusal.missingText,
                ])
        case .loggedOut(let provider, let cause, let issuer, let subject):
            self.init(
                .loggedOut,
                [
                    "by": cause.rawValue, "provider": provider?.name.string, "issuer": issuer?.string,
                    "subject": subject?.string, "client": client,
                ])
        case .refreshed(let provider):
            self.init(.tokensRefreshed, ["provider": provider.name.string, "client": client])
        }
    }

    /// A login, a refresh or a logout that came to nothing.
    init(_ failure: LoginFailure) {
        self.init(
            .loginFailed,
            [
                "code": failure.code.rawValue, "status": String(failure.status), "rule": failure.rule,
                "provider": failure.provider?.name.string, "client": CurrentRequest.value?.client,
                "expected": failure.expected, "came": failure.actual, "error": failure.storeError,
                "remedy": failure.remedy,
            ])
    }
}
