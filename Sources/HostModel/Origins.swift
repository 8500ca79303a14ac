/// Where the objects of a list stood in an earlier list that shares most of them.
public struct Origins: Sendable {
    /// The places of those that the earlier list did not have, in order.
    public private(set) var fresh: [Int] = []
    /// The places in the earlier list of those that are gone, in order.
    public private(set) var gone: [Int] = []
    /// Whether the lists are equally long, and everything that both have stands in the same place.
    public private(set) var keepsPlaces: Bool

    /// Up to here both lists are the same.
    private let head: Int
    /// From here on the list is the same as the earlier one from `oldTail` on.
    private let tail: Int
    private let oldTail: Int
    /// For the places between `head` and `tail`.
    private var middle: [Int?] = []

    /// Costs a comparison for each object, and more for what stands between the first and the last difference.
    init<Object>(
        _ objects: [Object], in old: [Object], isSame: (borrowing Object, borrowing Object) -> Bool,
        identity: (borrowing Object) -> ObjectIdentifier
    ) {
        // Looking at an object in its place leaves its count of references alone.
        let (one, other) = (old.span, objects.span)
        let shorter = min(one.count, other.count)
        var head = 0
        while head < shorter, isSame(one[head], other[head]) { head += 1 }
        var length = 0
        while length < shorter - head, isSame(one[one.count - 1 - length], other[other.count - 1 - length]) {
            length += 1
        }
        self.head = head
        tail = objects.count - length
        oldTail = old.count - length
        keepsPlaces = old.count == objects.count
        let isInPlace = keepsPlaces
        var isLeft = [Bool](repeating: true, count: oldTail - head)
        var waiting: [ObjectIdentifier: Int] = [:]
        for place in head..<oldTail where !(isInPlace && isSame(one[place], other[place])) {
            waiting[identity(one[place])] = place
        }
        middle.reserveCapacity(tail - head)
        for place in head..<tail {
            if isInPlace, isSame(one[place], other[place]) {
                isLeft[place - head] = false
                middle.append(place)
            } else if let origin = waiting[identity(other[place])], isSame(one[origin], other[place]) {
                waiting[identity(other[place])] = nil
                isLeft[origin - head] = false
                middle.append(origin)
                if origin != place { keepsPlaces = false }
            } else {
                middle.append(nil)
                fresh.append(place)
            }
        }
        gone = (head..<oldTail).filter { isLeft[$0 - head] }
    }

    /// The place in the earlier list; nil for one that it did not have.
    public subscript(place: Int) -> Int? {
        if place < head { return place }
        return place < tail ? middle[place - head] : place - tail + oldTail
    }
}
