import CMicroHTTPD
import Glibc
import HTTPMessages

/// A connection of libmicrohttpd. Valid from the notice that it started to the notice that it closed.
///
/// Unchecked because the pointer crosses threads: ``Connection`` calls ``suspend()`` and ``resume()`` under its lock,
/// everything else only on the connection's own thread.
@safe struct ConnectionHandle: @unchecked Sendable {
    private let pointer: OpaquePointer
    let descriptor: CInt

    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = pointer
        descriptor = unsafe cmhd_descriptor(pointer)
    }

    func suspend() { unsafe MHD_suspend_connection(pointer) }

    func resume() { unsafe MHD_resume_connection(pointer) }

    /// Whether something came that the library has not read yet. To be asked before the connection is closed.
    var hasUnread: Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) > 0
    }

    /// Ends the connection from outside its thread: the library reads an end of file and closes.
    func shutDown() { shutDownSocket(descriptor) }

    /// Ends it gently: a request that has come, or is just being read, is still answered. The library reads the end of file
    /// then, unless it came together with the request, since epoll tells of both once.
    func shutDownReading() { _ = shutdown(descriptor, CInt(SHUT_RD)) }

    /// Hands an answer to the library, which sends it when the callback has returned; `false` where it takes none.
    func send(_ response: HTTPResponse, closing: Bool) -> Bool {
        let made = unsafe response.body.withUnsafeBytes { body in
            // The library copies the bytes; the parameter lacks its const.
            unsafe MHD_create_response_from_buffer(
                body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let answer = unsafe made else { return false }
        defer { unsafe MHD_destroy_response(answer) }
        for line in response.fields.lines where !isFraming(line.name) {
            // Not by handing the strings over, for which Swift would copy each into an array.
            unsafe line.name.canonical.withCString { name in
                unsafe line.value.withCString { value in _ = unsafe MHD_add_response_header(answer, name, value) }
            }
        }
        if closing { unsafe MHD_add_response_header(answer, "connection", "close") }
        return unsafe MHD_queue_response(pointer, CUnsignedInt(response.status), answer) == .YES
    }
}

/// Ends both directions of a connection, and the waiting of a socket that listens.
func shutDownSocket(_ descriptor: CInt) { _ = shutdown(descriptor, CInt(SHUT_RDWR)) }

/// The fields that belong to the connection and not to the handler (RFC 9110 §7.6.1, RFC 9112 §6).
private func isFraming(_ name: HTTPFields.Name) -> Bool { framing.contains { $0 == name } }

private let framing =
    [.connection, .contentLength, .date, .transferEncoding]
    + ["keep-alive", "trailer", "upgrade"].compactMap { HTTPFields.Name($0) }
