import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OIDCDemo

@Suite("The writer of the log")
struct LogWriterTests {
    /// A reader that does not read until it is let.
    final class Reader: Sendable {
        let lines = Mutexed<[String]>([])
        private let isStopped = Mutexed(true)
        private let gate = DispatchSemaphore(value: 0)

        func take(_ bytes: [UInt8]) -> Bool {
            if isStopped.value { gate.wait() }
            lines.change { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return true
        }

        func resume() {
            isStopped.value = false
            gate.signal()
        }
    }

    @Test("lets nobody wait for a reader that has stopped, counts what was lost, and says so when it is read again")
    func stoppedReader() {
        let reader = Reader()
        let writer = LogWriter(write: { reader.take($0) }, lossLine: { "lost \($0)\n" })
        let line = String(repeating: "x", count: 1023) + "\n"
        let room = LogWriter.maximumByteCount / 1024
        for _ in 0..<room + 7 { writer.enqueue(line) }
        #expect(writer.lostLineCount == 7)
        #expect(!writer.drain(withinSeconds: 0))
        reader.resume()
        #expect(writer.drain(withinSeconds: 60))
        #expect(reader.lines.value.count == room + 1)
        #expect(reader.lines.value.filter { $0 == "lost 7\n" }.count == 1)
        writer.enqueue("next\n")
        #expect(writer.drain(withinSeconds: 60))
        #expect(reader.lines.value.last == "next\n")
        #expect(writer.lostLineCount == 7)
    }

    @Test("counts a line that cannot be written, and says so in the next that can")
    func failing() {
        let lines = Mutexed<[String]>([])
        let writer = LogWriter(
            write: { bytes in
                let line = String(decoding: bytes, as: UTF8.self)
                if line != "bad\n" { lines.change { $0.append(line) } }
                return line != "bad\n"
            }, lossLine: { "lost \($0)\n" })
        for line in ["a\n", "bad\n", "bad\n", "b\n", "c\n"] { writer.enqueue(line) }
        #expect(writer.drain(withinSeconds: 60))
        #expect(lines.value == ["a\n", "b\n", "lost 2\n", "c\n"])
        #expect(writer.lostLineCount == 2)
    }

    @Test("keeps the order of lines, and none is lost while they are read")
    func order() {
        let lines = Mutexed<[String]>([])
        let writer = LogWriter(
            write: { bytes in
                lines.change { $0.append(String(decoding: bytes, as: UTF8.self)) }
                return true
            }, lossLine: { "lost \($0)\n" })
        for number in 0..<2000 { writer.enqueue("\(number)\n") }
        #expect(writer.drain(withinSeconds: 60))
        #expect(lines.value == (0..<2000).map { "\($0)\n" })
    }

    @Test("waits where another program has made the descriptor non-blocking")
    func nonBlocking() {
        let pipe = Pipe()
        let end = pipe.fileHandleForWriting.fileDescriptor
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        let read = Mutexed(0)
        let reading = DispatchGroup()
        DispatchQueue(label: "reader").async(group: reading) {
            while read.value < 300_000 { read.change { $0 += pipe.fileHandleForReading.availableData.count } }
        }
        #expect(writeAll([UInt8](repeating: 0x78, count: 300_000), to: end))
        #expect(reading.wait(timeout: .now() + 60) == .success)
    }
}
