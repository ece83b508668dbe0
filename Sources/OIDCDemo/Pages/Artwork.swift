/// The drawings of the pages, our own.
enum Artwork {
    /// The mark: a swift in flight.
    static let bird: HTML = """
        <path transform="rotate(38 16 16)" d="M1.2 14.6c6.5-4 10.800-4.6 13.200-2.900.1-2.700.6-4.700 1.600-6.200 1 1.500 1.500 3.500 \
        1.600 6.200 2.400-1.700 6.700-1.100 13.200 2.900-6.100-.6-10 .6-12.100 3.800-.5 2.700.1 5.900 1.300 9.100L16 23.800l-4 3.700c1.200-3.200 1.800-6.400 \
        1.300-9.100-2.100-3.200-6-4.400-12.100-3.800z"/>
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
        <path d="M4 21c.6-4.6 3.600-7 8-7s7.400 2.400 8 7z"/></svg>
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
