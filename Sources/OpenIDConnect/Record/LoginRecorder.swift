package import FoundationEssentials
import JOSE
import Synchronization

/// Writes down what a login does, from wherever it happens: a task-local of the login's task, so that nothing has to be
/// handed through. Where none is set, nothing is written.
///
/// What is added is put into words when somebody asks for the record: of most logins nobody does, and the words would take
/// longer than the login itself.
package final class LoginRecorder: Sendable {
    /// The recorder of the login under way.
    @TaskLocal package static var current: LoginRecorder?

    fileprivate struct State {
        var record = LoginRecord()
        var byteCount = 0
        var secrets: [String] = []
        /// What was added and is not in the record yet.
        var pending: [@Sendable (inout State) -> Void] = []
        /// The step that was written to last: what ends a login without a step of its own ends it there.
        var latest: LoginRecord.Step.Kind?
    }

    /// Room for the steps themselves is left below the most that a record may have.
    private static let maximumByteCount = LoginRecord.maximumByteCount - (4 << 10)

    private let state = Mutex(State())
    private let now: @Sendable () -> Date

    /// An empty record.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// What has been written so far.
    package var record: LoginRecord {
        state.withLock { state in
            let pending = state.pending
            state.pending = []
            for write in pending { write(&state) }
            return state.record
        }
    }

    /// Texts that must not stand in the record, wherever they turn up: a provider may put a token into a claim.
    package func hide(_ secrets: [String]) {
        state.withLock { $0.secrets += secrets.filter { !$0.isEmpty } }
    }

    /// Adds to a step, which begins with its first part: now, or when it did.
    package func add(
        _ kind: LoginRecord.Step.Kind, _ parts: @autoclosure @escaping @Sendable () -> [LoginRecord.Part],
        at time: Date? = nil
    ) {
        let now = time ?? now()
        add(kind) { state in
            let index = state.step(kind, at: now)
            let secrets = state.secrets.map { Array($0.utf8) }
            let parts = parts()
            for (count, part) in parts.enumerated() {
                let part = part.settled(hiding: secrets)
                guard state.byteCount + part.byteCount <= Self.maximumByteCount else {
                    // The others are not looked at: a provider may send any number.
                    state.record.omittedPartCount += parts.count - count
                    break
                }
                state.byteCount += part.byteCount
                state.record.steps[index].parts.append(part)
            }
        }
    }

    private func add(_ kind: LoginRecord.Step.Kind, _ write: @escaping @Sendable (inout State) -> Void) {
        state.withLock { state in
            state.latest = kind
            state.pending.append(write)
        }
    }

    /// Adds a request's time to a step, and what the answer says of the provider's clock.
    package func add(_ kind: LoginRecord.Step.Kind, requestSince start: Date, providerTime: Date? = nil) {
        let now = now()
        let took = max(0, now.timeIntervalSince(start))
        add(kind) { state in
            let index = state.step(kind, at: start)
            state.record.steps[index].milliseconds =
                (state.record.steps[index].milliseconds ?? 0) + Int(min(took, 3600) * 1000)
            // Half the time is the way there. A Date is a whole second, of which the middle is the best guess.
            if let providerTime {
                state.record.clockDifference =
                    providerTime.addingTimeInterval(0.5).timeIntervalSince(start.addingTimeInterval(took / 2))
            }
        }
    }

    /// Writes down why a login ended, unless the rule that failed is there already.
    package func fail(_ error: OpenIDError) {
        guard let kind = error.code.step ?? state.withLock({ $0.latest }) else { return }
        guard !record.rules(of: kind).contains(where: { $0.verdict == .failed }) else { return }
        add(
            kind,
            [.init(.rule, error.code.name, error.actual, expected: error.expected, verdict: .failed)])
    }

    /// The time of the login's clock.
    package var time: Date { now() }
}

extension LoginRecorder.State {
    /// The place of a step, which is made where there is none.
    fileprivate mutating func step(_ kind: LoginRecord.Step.Kind, at now: Date) -> Int {
        if let index = record.steps.firstIndex(where: { $0.kind == kind }) { return index }
        // In the order of the protocol: the keys are asked for while the ID Token is checked.
        let order = LoginRecord.Step.Kind.allCases
        let place = order.firstIndex(of: kind) ?? order.endIndex
        let index =
            record.steps.firstIndex { (order.firstIndex(of: $0.kind) ?? order.endIndex) > place }
            ?? record.steps.endIndex
        record.steps.insert(LoginRecord.Step(kind: kind, at: now, parts: []), at: index)
        return index
    }
}

extension LoginRecord.Part {
    /// The part as it is kept: without secrets, and only then cut, since half a secret is not found.
    fileprivate func settled(hiding secrets: [[UInt8]]) -> LoginRecord.Part {
        func settle(_ text: String) -> String { redactedExcerpt(text, secrets) }
        return LoginRecord.Part(role, settle(name), settle(value), expected: expected.map(settle), verdict: verdict)
    }
}
