extension RequestHead {
    /// The same request with one field of a name in the place of all that are `isWanted`; without any of them where
    /// `value` is nil. A field that was there keeps the spelling of its name. Nil where there would be too many fields.
    public func settingField(
        _ name: [UInt8], to value: [UInt8]?, inPlaceOf isWanted: (Span<UInt8>) -> Bool
    ) -> RequestHead? {
        var fixed = Array(bytes[..<Layout.fields])
        var text = Array(bytes[(Layout.fields + fieldCount * Layout.fieldSize)...])
        var fields: [UInt8] = []
        var count = 0
        var isSet = value == nil
        func put(_ part: [UInt8]) {
            fields.append(littleEndian: UInt32(text.count))
            fields.append(littleEndian: UInt32(part.count))
            text += part
        }
        for index in 0..<fieldCount {
            let start = Layout.fields + index * Layout.fieldSize
            let field = bytes[start..<(start + Layout.fieldSize)]
            if isWanted(self.name(ofField: index)) {
                guard let value, !isSet else { continue }
                isSet = true
                fields += field.prefix(Layout.fieldSize / 2)
                put(value)
            } else {
                fields += field
            }
            count += 1
        }
        if let value, !isSet {
            guard count < Layout.maximumFields else { return nil }
            put(name)
            put(value)
            count += 1
        }
        fixed[Layout.fieldCount] = UInt8(truncatingIfNeeded: count)
        fixed[Layout.fieldCount + 1] = UInt8(truncatingIfNeeded: count >> 8)
        return RequestHead(unchecked: fixed + fields + text)
    }
}
