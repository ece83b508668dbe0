import Glibc
import Sessions

/// The file of the sessions, before SQLite sees it.
struct SessionFile {
    let path: String
    /// Whom the process runs as.
    var user = geteuid()

    /// Makes the file with mode 0600 where there is none; SQLite would make it readable for all. The two files that it
    /// puts beside it get the mode of this one.
    ///
    /// Throws `.noPlace` where the directory is missing or something else than a file is there, `.notWritable` where it
    /// may not be made, `.foreign` where it, or what SQLite puts beside it, belongs to another user or can be written by
    /// anybody.
    func makeIfMissing() throws(SessionStoreError) {
        // An existing file is not opened here: closing it would release the locks of another connection of the process.
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor < 0 else {
            close(descriptor)
            return
        }
        let code = errno
        switch code {
        case EEXIST:
            try requireFile()
            for companion in ["-wal", "-shm", "-journal", "-changes"] { try requireCompanion(path + companion) }
        case ENOENT, ENOTDIR:
            throw SessionStoreError(.noPlace, context: path, remedy: "make its directory, or name another file")
        case EACCES, EPERM, EROFS:
            throw SessionStoreError(.notWritable, context: path, remedy: "let the process write in the directory")
        case ENOSPC, EDQUOT:
            throw SessionStoreError(.full, context: path, remedy: "make room on the disk")
        default:
            throw SessionStoreError(
                .failed, context: "\(path): error \(code)", remedy: "look at the disk and the system's log")
        }
    }

    /// The file itself may be named by a symbolic link; what stands beside it is not looked for elsewhere.
    private func requireFile() throws(SessionStoreError) {
        var information = stat()
        guard unsafe stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw SessionStoreError(.noPlace, context: "\(path), which is no file", remedy: "name another file")
        }
        try requireOurs(path, information)
    }

    private func requireCompanion(_ path: String) throws(SessionStoreError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { return }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw SessionStoreError(
                .foreign, context: "\(path), which is no file", remedy: "see who made it, and remove it")
        }
        try requireOurs(path, information)
    }

    /// Whoever else can write the file can end sessions, bring ended ones back, and give SQLite damaged pages to read.
    private func requireOurs(_ path: String, _ information: stat) throws(SessionStoreError) {
        guard [user, 0].contains(information.st_uid) || user == 0 else {
            throw SessionStoreError(
                .foreign, context: "\(path), which belongs to another user (\(information.st_uid))",
                remedy: "let it belong to the process's user, or name another file")
        }
        guard information.st_mode & 0o002 == 0 else {
            let mode = String(information.st_mode & 0o777, radix: 8)
            throw SessionStoreError(
                .foreign, context: "\(path), which anybody can write (mode \(mode))",
                remedy: "if nobody else has written it, run: chmod 600 \(path)")
        }
    }
}
