import Glibc
import Sessions

/// The file of the sessions, before SQLite sees it.
struct SessionFile {
    let path: String

    /// Makes the file with mode 0600 where there is none; SQLite would make it readable for all. The two files that it
    /// puts beside it get the mode of this one.
    ///
    /// Throws `.noPlace` where the directory is missing or something else than a file is there, `.notWritable` where it
    /// may not be made.
    func makeIfMissing() throws(SessionStoreError) {
        // An existing file is not opened here: closing it would release the locks of another connection of the process.
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor < 0 else {
            close(descriptor)
            return
        }
        let code = errno
        switch code {
        case EEXIST: try requireFile()
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

    private func requireFile() throws(SessionStoreError) {
        var information = stat()
        guard unsafe stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw SessionStoreError(.noPlace, context: "\(path), which is no file", remedy: "name another file")
        }
    }
}
