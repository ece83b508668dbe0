import CHiredis

extension RedisSessionStore {
    /// The version of hiredis that this was built with, such as `0.14.1`; the library does not tell its own.
    package static var libraryVersion: String { "\(HIREDIS_MAJOR).\(HIREDIS_MINOR).\(HIREDIS_PATCH)" }
}
