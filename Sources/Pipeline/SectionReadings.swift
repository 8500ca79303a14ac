import Configuration

/// What the sections that settings are made of say at one place, and which text says it.
struct SectionReadings {
    private enum Reading {
        /// Nil where the server declares no section of that name.
        case section(Element?)
        /// Of .NET's own.
        case foreign([DocumentElement])
    }

    private let readings: [Reading]

    init(_ names: [String], at configuration: PathConfiguration) throws(ConfigurationError) {
        var readings: [Reading] = []
        for name in names {
            if let elements = configuration.foreignElements(of: name) {
                readings.append(.foreign(elements))
            } else {
                readings.append(.section(try configuration.declaredSection(name)))
            }
        }
        self.readings = readings
    }

    /// Equal where the same text says what holds; good as long as the readings are kept.
    var key: [ElementIdentity?] {
        readings.map { reading in
            switch reading {
            case .section(let element): element?.identity
            case .foreign(let elements): ElementIdentity(elements)
            }
        }
    }
}
