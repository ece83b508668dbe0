import Dispatch
import Synchronization

/// Something that reads what others write, with the properties that it has for every input.
protocol FuzzTarget: Sendable {
    /// What all inputs are tried against, made once.
    init() throws

    /// Tries an input; whatever it throws is a finding. It leaves nothing behind that the next input could see.
    func run(_ input: [UInt8]) throws
}

/// A property that does not hold.
struct Finding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws a finding where the property does not hold.
func demand(_ holds: Bool, _ property: @autoclosure () -> String) throws(Finding) {
    if !holds { throw Finding(property()) }
}

/// The value, where it cannot be missing.
func known<Value>(_ value: Value?, _ what: String = #function) throws(Finding) -> Value {
    guard let value else { throw Finding("missing: \(what)") }
    return value
}

/// Runs what is asynchronous to its end, since libFuzzer knows nothing else.
func wait<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let outcome = Outcome<Value>()
    Task.detached {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        outcome.value.withLock { $0 = result }
        outcome.done.signal()
    }
    outcome.done.wait()
    return try known(outcome.value.withLock { $0 }).get()
}

private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
}

extension [UInt8] {
    /// The bytes as a text, repaired where they are not UTF-8.
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension String {
    /// Equality of bytes: `==` takes canonically equivalent texts for the same.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether the other's bytes stand in it, whatever marks stand beside them.
    func contains(bytesOf other: String) -> Bool { Array(utf8).contains(Array(other.utf8)) }
}
