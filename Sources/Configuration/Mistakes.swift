extension Array {
    /// Those that say what none of `before` says. Lines move and what is said stays: each that was there stands for one that
    /// says the same.
    public func news<Saying: Hashable>(since before: [Element], saying: (Element) -> Saying) -> [Element] {
        var known: [Saying: Int] = [:]
        for each in before { known[saying(each), default: 0] += 1 }
        return filter { each in
            let said = saying(each)
            guard let count = known[said], count > 0 else { return true }
            known[said] = count - 1
            return false
        }
    }
}
