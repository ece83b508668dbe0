import CMicroHTTPD
import Glibc
import HTTPMessages

/// A thread of libmicrohttpd that serves the connections handed to it.
///
/// Unchecked because the pointer crosses threads: adding is safe from any, and stopping happens once, after the last
/// connection was added.
@safe struct Daemon: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// `nil` where the system refuses. The engine must outlive the daemon.
    init?(for engine: Engine) {
        let limits = engine.configuration
        // The library keeps head, decoded cookies and the head of the answer in one piece of memory per connection.
        let memory = 2 * limits.headBytes + HTTPResponse.maximumHeadBytes
        let made = unsafe cmhd_start(
            access, targetCame, requestCompleted, connectionChanged, Unmanaged.passUnretained(engine).toOpaque(),
            memory, CUnsignedInt(clamping: limits.connections + 64))
        guard let made = unsafe made else { return nil }
        unsafe pointer = made
    }

    /// Hands over a connection; the daemon closes it in any case. `false` where it does so at once.
    func add(_ descriptor: CInt, address: UnsafePointer<sockaddr>, length: socklen_t) -> Bool {
        unsafe MHD_add_connection(pointer, descriptor, address, length) == .YES
    }

    /// Closes all connections and waits for the thread. No connection may be suspended.
    func stop() { unsafe MHD_stop_daemon(pointer) }
}

// The library calls these on its own threads: functions, since a closure could be taken for one of an actor's.

private func connectionChanged(
    engine: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, what: MHD_ConnectionNotificationCode
) {
    guard let engine = unsafe engine, let connection = unsafe connection, let context = unsafe context else { return }
    let server = unsafe Unmanaged<Engine>.fromOpaque(engine).takeUnretainedValue()
    if what == .CONNECTION_NOTIFY_STARTED {
        let opened = unsafe server.open(ConnectionHandle(connection))
        unsafe context.pointee = Unmanaged.passRetained(opened).toOpaque()
    } else if let kept = unsafe context.pointee {
        unsafe context.pointee = nil
        unsafe server.close(Unmanaged<Connection>.fromOpaque(kept).takeRetainedValue())
    }
}

private func targetCame(
    engine: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let target = unsafe target else { return nil }
    unsafe current(connection)?.begin(target: String(cString: target))
    // The library would now decode the query into its memory for the connection, 64 bytes for each parameter, and stop
    // half-way where they do not fit. Nobody reads that: an empty query spares it.
    if let mark = unsafe strchr(target, CInt(UInt8(ascii: "?"))) { unsafe mark[1] = 0 }
    return nil
}

private func access(
    engine: UnsafeMutableRawPointer?, connection: OpaquePointer?, path: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, piece: UnsafePointer<CChar>?,
    count: UnsafeMutablePointer<Int>?, context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let connection = unsafe connection, let method = unsafe method, let version = unsafe version,
        let current = unsafe current(connection)
    else { return .NO }
    let bytes = unsafe UnsafeRawBufferPointer(start: piece, count: piece == nil ? 0 : count?.pointee ?? 0).bytes
    let step = current.proceed(with: bytes) { target in
        unsafe HeadReader.head(of: connection, method: method, target: target, version: version)
    }
    unsafe count?.pointee = 0
    return step == .goOn ? .YES : .NO
}

private func requestCompleted(
    engine: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, how: MHD_RequestTerminationCode
) {
    unsafe current(connection)?.complete()
}

private func current(_ connection: OpaquePointer?) -> Connection? {
    guard let connection = unsafe connection, let kept = unsafe cmhd_context(connection) else { return nil }
    return unsafe Unmanaged<Connection>.fromOpaque(kept).takeUnretainedValue()
}
