// What text-lint.py refuses, and what it lets pass: it compares its findings with the marks here before it looks at anything else.

func byCharacters(_ text: String, _ part: Substring, _ other: String) -> [Any] {
    [
        text.hasPrefix(other),  // refused
        text.hasPrefix("//"),  // refused
        part.hasSuffix("x"),  // refused
        text.contains("/"),  // refused
        text.contains("//"),  // refused
        text.split(separator: " "),  // refused
        part.firstIndex(of: "=") as Any,  // refused
        text.lastIndex(of: "/") as Any,  // refused
        text.replacing("a", with: "b"),  // refused
        text.first == "/",  // refused
        text.dropFirst(),  // refused
        part.prefix { $0 != "?" },  // refused
        text.allSatisfy(\.isNumber),  // refused
        text.count,  // refused
        text.index(after: text.startIndex),  // refused
        text.lowercased(),  // refused
    ]
}

func byEquivalence(_ text: String, _ other: String, _ part: Substring, _ maybe: String?) -> [Any] {
    [
        text == other,  // refused
        text != other,  // refused
        part == text,  // refused
        maybe == other,  // refused
        maybe != other,  // refused
        text == "none",  // refused
        maybe == "none",  // refused
        [other].contains(text),  // refused
        Set([other]).contains(text),  // refused
        [text] == [other],  // refused
    ]
}

func byPattern(_ text: String) -> Int {
    switch text {  // refused
    case "plain": 1
    case "K": 2
    default: 3
    }
}

func byBytes(_ text: String, _ part: Substring, _ maybe: String?) -> [Any] {
    [
        text.utf8.starts(with: "//".utf8),
        text.utf8.contains(0x2F),
        text.utf8.split(separator: 0x20),
        text.unicodeScalars.first == "/",
        text.isEmpty,
        part[part.startIndex...],
        maybe == nil,
        maybe != nil,
        text.utf8.elementsEqual(part.utf8),
    ]
}
