/// Attributes that every element accepts and no schema lists (reference §2.4, §2.5).
package enum ReservedAttributes {
    static let lockAttributes = "lockAttributes"
    static let lockAllAttributesExcept = "lockAllAttributesExcept"
    static let lockElements = "lockElements"
    static let lockAllElementsExcept = "lockAllElementsExcept"
    static let lockItem = "lockItem"
    static let configSource = "configSource"

    package static let locks: Set<String> = [
        lockAttributes, lockAllAttributesExcept, lockElements, lockAllElementsExcept, lockItem,
    ]
    static let tolerated: Set<String> = ["configBuilders", "configProtectionProvider"]

    static func contains(_ name: String) -> Bool { locks.contains(name) || tolerated.contains(name) }
}
