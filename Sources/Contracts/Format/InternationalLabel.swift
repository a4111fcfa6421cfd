internal import CIDN2

/// A label of a host name that obeys IDNA2008 (RFC 5890 to 5893), as libidn2 judges it.
struct InternationalLabel {
    /// Bytes of its ASCII form.
    let asciiCount: Int
    /// Whether it has a character of a script that is written from right to left.
    let isRightToLeft: Bool

    /// A label of ASCII that stands for itself.
    init(asciiCount: Int) {
        self.asciiCount = asciiCount
        isRightToLeft = false
    }

    /// - Parameters:
    ///   - uLabel: UTF-8 with a character beyond ASCII.
    ///   - normalizes: Whether it need not be in Normalization Form C.
    init?(uLabel: [UInt8], normalizes: Bool) {
        // libidn2 takes texts that end with NUL.
        guard !uLabel.contains(0), let ascii = Self.register(uLabel, isALabel: false, normalizes: normalizes) else {
            return nil
        }
        asciiCount = ascii.count
        isRightToLeft = Self.isRightToLeft(uLabel)
        if isRightToLeft, Self.mixesDigits(uLabel) { return nil }
    }

    /// - Parameter aLabel: Letters, digits and hyphens that start with `xn--`.
    init?(aLabel: [UInt8]) {
        let lowercased = aLabel.map { ASCIISet.letters.contains($0) ? $0 | 0x20 : $0 }
        guard Self.register(lowercased, isALabel: true, normalizes: false) != nil,
            let unicode = Self.unicode(of: lowercased)
        else { return nil }
        asciiCount = aLabel.count
        isRightToLeft = Self.isRightToLeft(unicode)
        if isRightToLeft, Self.mixesDigits(unicode) { return nil }
    }

    /// The A-label, nil when libidn2 would not have it registered (RFC 5891 section 4).
    private static func register(_ label: [UInt8], isALabel: Bool, normalizes: Bool) -> [UInt8]? {
        var found: UnsafeMutablePointer<UInt8>?
        let flags = normalizes ? Int32(bitPattern: IDN2_NFC_INPUT.rawValue) : 0
        let status = unsafe (label + [0]).withUnsafeBufferPointer { text in
            isALabel
                ? unsafe idn2_register_u8(nil, text.baseAddress, &found, flags)
                : unsafe idn2_register_u8(text.baseAddress, nil, &found, flags)
        }
        return unsafe take(found, status)
    }

    private static func unicode(of label: [UInt8]) -> [UInt8]? {
        var found: UnsafeMutablePointer<CChar>?
        let text = label.map { CChar(bitPattern: $0) } + [0]
        let status = unsafe idn2_to_unicode_8z8z(text, &found, 0)
        return unsafe found?.withMemoryRebound(to: UInt8.self, capacity: 1) { unsafe take($0, status) } ?? nil
    }

    /// Copies what libidn2 allocated and frees it (idn2.h: "you must release it with idn2_free").
    private static func take(_ text: UnsafeMutablePointer<UInt8>?, _ status: Int32) -> [UInt8]? {
        guard let text = unsafe text else { return nil }
        defer { unsafe idn2_free(text) }
        guard status == IDN2_OK.rawValue else { return nil }
        var bytes: [UInt8] = []
        while unsafe text[bytes.count] != 0 { unsafe bytes.append(text[bytes.count]) }
        return bytes
    }

    /// By the blocks whose unassigned characters have the classes R or AL (DerivedBidiClass.txt, "@missing").
    private static func isRightToLeft(_ text: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
            default: false
            }
        }
    }

    /// RFC 5893 section 2, rule 4, which libidn2 2.3.3 does not check: digits of the class EN beside digits of the class AN.
    private static func mixesDigits(_ text: [UInt8]) -> Bool {
        var (hasEuropean, hasArabic) = (false, false)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x06F0...0x06F9: hasEuropean = true
            case 0x0660...0x0669: hasArabic = true
            default: break
            }
        }
        return hasEuropean && hasArabic
    }
}
