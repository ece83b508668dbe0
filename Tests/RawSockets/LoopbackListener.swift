import Foundation
import Glibc

/// Accepts connections on a port of loopback, each on a thread of its own: a script may block its thread as long as it
/// likes.
package final class LoopbackListener: Sendable {
    package struct Failure: Error {
        let call: String
        let code: Int32
    }

    package let port: UInt16
    private let listener: Int32

    package init(_ serve: @escaping @Sendable (Connection) -> Void) throws {
        // Closed in programs that are started meanwhile: a connection must end when its thread says so.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(call: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 512) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard bound else {
            let code = errno
            close(listener)
            throw Failure(call: "bind", code: code)
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else {
                    close(listener)
                    return
                }
                _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread {
                    let connection = Connection(socket: socket)
                    connection.limitSending()
                    serve(connection)
                    close(socket)
                }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}
