import CHiredis
import Glibc

/// A connection of hiredis that never blocks, for one thread at a time.
@safe final class RedisContext {
    /// Why the connection is of no use any more.
    enum Failure: Error {
        /// The system's words.
        case lost(String)
        /// What came is no answer of Redis, or too long a one.
        case garbled(String)
    }

    private let context: UnsafeMutablePointer<redisContext>
    private let replyLimit: Int
    /// Bytes of an answer that is not complete.
    private var receivedBytes = 0

    /// Begins to connect to a numeric address.
    convenience init(address: String, port: UInt16, replyLimit: Int) throws(Failure) {
        unsafe try self.init(redisConnectNonBlock(address, Int32(port)), replyLimit)
        _ = unsafe redisEnableKeepAlive(context)
    }

    /// Begins to connect to a socket of this machine.
    convenience init(path: String, replyLimit: Int) throws(Failure) {
        unsafe try self.init(redisConnectUnixNonBlock(path), replyLimit)
    }

    private init(_ created: UnsafeMutablePointer<redisContext>?, _ replyLimit: Int) throws(Failure) {
        guard let context = unsafe created else { throw .lost("no memory") }
        unsafe self.context = unsafe context
        self.replyLimit = replyLimit
        guard unsafe context.pointee.err == 0 else { throw lost() }
        guard let functions = unsafe cautiousFunctions else { throw .lost("no memory") }
        unsafe context.pointee.reader.pointee.fn = unsafe functions
        // Programs that are started get none of it.
        _ = unsafe fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
    }

    deinit { unsafe redisFree(context) }

    var descriptor: Int32 { unsafe context.pointee.fd }

    /// What became of the attempt to connect, once the socket is writable.
    func requireConnected() throws(Failure) {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { throw .lost(words(errno)) }
        guard code == 0 else { throw .lost(words(code)) }
    }

    /// Puts a command behind those that wait to be written.
    func append(_ command: RedisCommand) throws(Failure) {
        let bytes = Array(command.arguments.joined())
        var lengths = command.arguments.map(\.count)
        let code = unsafe bytes.withUnsafeBytes { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            var offset = 0
            var pointers = unsafe lengths.map { length in
                defer { offset += length }
                return unsafe start.map { unsafe $0 + offset }
            }
            return unsafe redisAppendCommandArgv(context, Int32(lengths.count), &pointers, &lengths)
        }
        guard code == REDIS_OK else { throw .lost("no memory") }
    }

    /// Writes what the socket takes; whether that was all.
    func write() throws(Failure) -> Bool {
        var isDone: Int32 = 0
        guard unsafe redisBufferWrite(context, &isDone) == REDIS_OK else { throw lost() }
        return isDone == 1
    }

    /// Reads what has come, 16 KiB at most.
    func read() throws(Failure) {
        let before = unsafe context.pointee.reader.pointee.len
        guard unsafe redisBufferRead(context) == REDIS_OK else { throw lost() }
        receivedBytes += unsafe context.pointee.reader.pointee.len - before
    }

    /// The next complete answer.
    func nextReply() throws(Failure) -> RedisReply? {
        var pointer: UnsafeMutableRawPointer?
        guard unsafe redisGetReplyFromReader(context, &pointer) == REDIS_OK else {
            throw .garbled("what came is no answer of Redis, or one with too many parts")
        }
        guard let pointer = unsafe pointer else {
            guard receivedBytes <= replyLimit else { throw .garbled("an answer has over \(replyLimit) bytes") }
            return nil
        }
        defer { unsafe freeReplyObject(pointer) }
        receivedBytes = unsafe context.pointee.reader.pointee.len - context.pointee.reader.pointee.pos
        guard let reply = unsafe reply(pointer.assumingMemoryBound(to: redisReply.self)) else {
            throw .garbled("an answer is of a type that was not asked for")
        }
        return reply
    }

    private func reply(_ pointer: UnsafeMutablePointer<redisReply>) -> RedisReply? {
        switch unsafe pointer.pointee.type {
        case REDIS_REPLY_STRING: return .bytes(unsafe bytes(pointer))
        case REDIS_REPLY_STATUS: return .status(String(decoding: unsafe bytes(pointer), as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(RedisServerError(String(decoding: unsafe bytes(pointer), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: return .integer(unsafe pointer.pointee.integer)
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY:
            var list: [RedisReply] = []
            for index in unsafe 0..<Int(pointer.pointee.elements) {
                guard let element = unsafe pointer.pointee.element[index], let reply = unsafe reply(element) else {
                    return nil
                }
                list.append(reply)
            }
            return .list(list)
        default: return nil
        }
    }

    private func bytes(_ pointer: UnsafeMutablePointer<redisReply>) -> [UInt8] {
        guard let start = unsafe pointer.pointee.str else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(pointer.pointee.len)))
    }

    private func lost() -> Failure {
        switch unsafe context.pointee.err {
        case REDIS_ERR_IO where errno != 0: .lost(words(errno))
        case REDIS_ERR_EOF: .lost("the connection was closed")
        case REDIS_ERR_OOM: .lost("no memory")
        default: .lost("no connection")
        }
    }

    private func words(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// How hiredis itself makes answers.
private let ownFunctions: redisReplyObjectFunctions? = {
    guard let reader = unsafe redisReaderCreate() else { return nil }
    defer { unsafe redisReaderFree(reader) }
    return unsafe reader.pointee.fn.pointee
}()

/// The same, but hiredis would make room for as many parts as a server announces, and for parts of parts: an answer has
/// at most 4,096, none of which has parts itself. Lives as long as the process.
private nonisolated(unsafe) let cautiousFunctions: UnsafeMutablePointer<redisReplyObjectFunctions>? = {
    guard var functions = ownFunctions else { return nil }
    unsafe functions.createArray = { task, count in
        guard count <= 4096, unsafe task?.pointee.parent == nil else { return nil }
        return unsafe ownFunctions?.createArray(task, count)
    }
    let pointer = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    unsafe pointer.initialize(to: functions)
    return unsafe pointer
}()
