import ByteText
import Glibc

/// Makes a directory that only its owner can enter, and what is missing above it. One that is there stays as it is.
///
/// Throws a problem of `setting` where that cannot be.
func makePrivateDirectory(_ path: String, for setting: Setting) throws(SettingProblem) {
    if mkdir(path, 0o700) == 0 { return }
    switch errno {
    case EEXIST where isDirectory(path): return
    case EEXIST:
        throw SettingProblem(
            .unusable, setting.rawValue, "names \(quoted(path)), which is no directory", remedy: "Name another place.")
    case ENOENT where path.utf8.contains("/") && !path.isExactly("/"):
        let parent = String(path.utf8.cut(atLast: "/")?.before ?? "")
        try makePrivateDirectory(parent.isEmpty ? "/" : parent, for: setting)
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        throw unusable(setting, path)
    default: throw unusable(setting, path)
    }
}

private func unusable(_ setting: Setting, _ path: String) -> SettingProblem {
    SettingProblem(
        .unusable, setting.rawValue, "names \(quoted(path)), which cannot be made: \(systemError())",
        remedy: "Name a directory that the app may make, or make it for the app's user.")
}

private func isDirectory(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
}

/// What the last call to the system failed with, in words.
func systemError() -> String { String(cString: strerror(errno)) }

/// Reads a whole file of at most `limit` bytes; `nil` where that fails, `errno` says why.
func readFile(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readAll(descriptor, limit: limit)
}

/// The same of a file with secrets, with what is wrong with who can read or change it; a file that must not serve is not
/// read.
func readSecretFile(
    _ path: String, limit: Int, for setting: String
) -> (content: [UInt8]?, warning: SettingProblem?, refusal: SettingProblem?) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return (nil, nil, nil) }
    defer { close(descriptor) }
    let access = FileAccess(descriptor: descriptor)
    let problem = SettingProblem(setting, path, access, for: .secret)
    if case .refused = access?.verdict(for: .secret) { return (nil, nil, problem) }
    return (readAll(descriptor, limit: limit), problem, nil)
}

/// Reads to the end; `nil` where that fails or there are more than `limit` bytes.
func readAll(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return nil }
        if count == 0 { return content }
        content += buffer[..<count]
        guard content.count <= limit else {
            errno = EFBIG
            return nil
        }
    }
}

/// Writes everything, however long that takes; `false` where it fails.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
            // Another program that has the same open file has made it non-blocking.
            var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&end, 1, -1)
            continue
        }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
    }
    return true
}
