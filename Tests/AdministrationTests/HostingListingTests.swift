import Testing

@testable import Administration

@Suite struct HostingListingTests {
    private let site = SiteListing(
        id: "7", name: "blog", state: "started", bindings: ["http/*:80:blog.example", "https/*:443:"],
        applications: [
            .init(path: "/", pool: "blog", directories: [.init(path: "/", physicalPath: "/srv/blog")]),
            .init(
                path: "/shop", pool: "shop",
                directories: [
                    .init(path: "/", physicalPath: "/srv/shop"), .init(path: "/images", physicalPath: "/srv/images"),
                ]),
        ])

    @Test func aSiteIsARow() {
        #expect(
            SiteListing.table([site], width: 200) == """
                ID  SITE  STATE    POOL  BINDINGS                             PATH
                7   blog  started  blog  http/*:80:blog.example https/*:443:  /srv/blog

                """)
    }

    @Test func allOfASiteIsShown() {
        #expect(
            site.text == """
                Site         blog
                ID           7
                State        started
                Binding      http/*:80:blog.example
                Binding      https/*:443:
                Application  / in the pool blog
                Directory    / is /srv/blog
                Application  /shop in the pool shop
                Directory    /shop/ is /srv/shop
                Directory    /shop/images is /srv/images

                """)
    }

    @Test func programsGetTheDocumentedShape() {
        #expect(
            site.json.line
                == #"{"id":7,"name":"blog","state":"started","pool":"blog","path":"/srv/blog","#
                + #""bindings":[{"protocol":"http","information":"*:80:blog.example"},"#
                + #"{"protocol":"https","information":"*:443:"}],"#
                + #""applications":[{"path":"/","pool":"blog","directories":[{"path":"/","physicalPath":"/srv/blog"}]},"#
                + #"{"path":"/shop","pool":"shop","directories":[{"path":"/","physicalPath":"/srv/shop"},"#
                + #"{"path":"/images","physicalPath":"/srv/images"}]}]}"#)
    }

    @Test func whatIsNotKnownIsNull() {
        let empty = SiteListing(id: "1", name: "x", state: nil, bindings: [], applications: [])
        #expect(
            empty.json.line
                == #"{"id":1,"name":"x","state":null,"pool":null,"path":null,"bindings":[],"applications":[]}"#)
        #expect(
            SiteListing.table([empty], width: 80).split(separator: "\n").last == "1   x     -      -               -")
    }

    @Test func applicationsAreListedOverSites() {
        #expect(
            SiteListing.applicationTable([site], width: 80) == """
                APPLICATION  POOL  PATH
                blog/        blog  /srv/blog
                blog/shop    shop  /srv/shop

                """)
    }

    @Test func aPoolTellsWhoRunsInIt() {
        let pool = PoolListing(
            name: "blog", state: nil, identity: "ApplicationPoolIdentity", applications: ["blog/", "shop/x"])
        #expect(
            JSONValue.object(pool.members).line
                == #"{"name":"blog","state":null,"identity":"ApplicationPoolIdentity","applications":["blog/","shop/x"]}"#
        )
        #expect(
            PoolListing.table([pool], width: 80) == """
                POOL  STATE  IDENTITY                 APPLICATIONS
                blog  -      ApplicationPoolIdentity  blog/ shop/x

                """)
        #expect(
            pool.text == """
                Pool         blog
                State        no server runs
                Identity     ApplicationPoolIdentity
                Application  blog/
                Application  shop/x

                """)
    }
}
