import Sessions

/// Commands that go out together, and who waits for their answers.
struct RedisOrder: Sendable {
    /// What an order ends with.
    typealias Outcome = Result<[RedisReply], RedisFailure>

    let commands: [RedisCommand]
    private let continuation: CheckedContinuation<Outcome, Never>

    init(_ commands: [RedisCommand], _ continuation: CheckedContinuation<Outcome, Never>) {
        self.commands = commands
        self.continuation = continuation
    }

    func end(_ outcome: Outcome) { continuation.resume(returning: outcome) }
}

/// Why an order has no answers.
struct RedisFailure: Error {
    let error: SessionStoreError
    /// Whether the connection broke while Redis may have been at it: on another connection it could be tried once more.
    var isBroken = false
    /// Whether the server did nothing since it is not the primary: the connection has been given up, and its next order
    /// goes to where the host's name leads then.
    var isRefused = false
}

/// First in, first out.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var start = 0

    var count: Int { elements.count - start }
    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : elements[start] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[start].take()
        start += 1
        // What is behind moves up now and then, not each time.
        if start >= 64, start * 2 >= elements.count {
            elements.removeFirst(start)
            start = 0
        }
        return element
    }

    /// Changes the first in its place.
    mutating func changeFirst(_ change: (inout Element) -> Void) {
        guard var element = first else { return }
        elements[start] = nil
        change(&element)
        elements[start] = element
    }
}
