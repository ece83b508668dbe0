/// The drawings of the pages, our own.
enum Artwork {
    /// The mark: a swift in flight.
    static let bird: HTML = """
        <path transform="rotate(38 16 16)" d="M1.2 14.6c6.5-4 10.8-4.6 13.2-2.9.1-2.7.6-4.7 1.6-6.2 1 1.5 1.5 3.5 \
        1.6 6.2 2.4-1.7 6.7-1.1 13.2 2.9-6.1-.6-10 .6-12.1 3.8-.5 2.7.1 5.9 1.3 9.1L16 23.8l-4 3.7c1.2-3.2 1.8-6.4 \
        1.3-9.1-2.1-3.2-6-4.4-12.1-3.8z"/>
        """

    /// The mark in a page; what it says stands beside it in words.
    static let mark: HTML = """
        <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">\
        <rect width="32" height="32" rx="9"/>\(bird)</svg>
        """

    /// The mark as a file of its own.
    static let favicon: HTML = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">\
        <rect width="32" height="32" rx="9" fill="#0e6e60"/><g fill="#fff">\(bird)</g></svg>

        """

    /// Somebody without a name.
    static let person: HTML = """
        <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true"><circle cx="12" cy="8.5" r="4"/>\
        <path d="M4 21c.6-4.6 3.6-7 8-7s7.4 2.4 8 7z"/></svg>
        """

    /// Onwards.
    static let arrow: HTML = """
        <svg class="arrow" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">\
        <path d="M4 10h11M10.5 5l5 5-5 5"/></svg>
        """

    /// Something is wrong.
    static let alert: HTML = """
        <svg class="alert" viewBox="0 0 24 24" width="44" height="44" aria-hidden="true"><circle cx="12" cy="12" r="12"/>\
        <path d="M12 6.5v6.5M12 16.7v.1"/></svg>
        """
}
