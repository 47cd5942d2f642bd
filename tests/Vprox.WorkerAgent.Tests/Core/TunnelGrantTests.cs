using Vprox.Contracts;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class TunnelGrantTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly GrantIssued Good = new()
    {
        Token = "header.claims.signature",
        Address = "192.0.2.10",
        WorkspaceId = "ws1",
        ServerPublicKey = Scene.ServerKey.ToString(),
        ListenPort = 49152,
        TlsPin = Convert.ToBase64String(new byte[32]),
        InnerSubnet = "240.0.0.0/22",
        InnerAddresses = ["240.0.0.2"],
        PortBlocks = ["1024-1279"],
        ExpiresAt = Now.AddHours(24),
    };

    [Fact]
    public void A_grant_is_renewed_at_half_of_its_life()
    {
        Assert.True(TunnelGrant.TryParse(Good, Now, out var grant, out _));
        Assert.Equal(Now.AddHours(12), grant.RenewAt);
    }

    [Fact]
    public void Its_token_is_never_printed()
    {
        Assert.True(TunnelGrant.TryParse(Good, Now, out var grant, out _));
        Assert.DoesNotContain("signature", $"{grant}", StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_what_the_node_will_agree_to()
    {
        Assert.True(TunnelGrant.TryParse(Good, Now, out var grant, out _));
        var expected = grant.Expected!;
        Assert.Equal(("192.0.2.10:49152", "240.0.0.1", 1420), ($"{expected.Endpoint}", $"{expected.Gateway}", expected.Mtu));
        Assert.Equal(["240.0.0.2 1024-1279"], expected.Blocks.Select(block => $"{block.Address} {block.Ports}"));
    }

    public static TheoryData<GrantIssued> Silent =>
    [
        Good with { InnerAddresses = [] },
        Good with { InnerAddresses = null! },
        Good with { InnerAddresses = ["10.0.0.1"] },
        Good with { InnerAddresses = ["240.0.0.1"] },
        Good with { PortBlocks = ["80-90"] },
        Good with { ListenPort = 0 },
    ];

    [Theory]
    [MemberData(nameof(Silent))]
    public void A_grant_that_does_not_say_it_is_good_all_the_same(GrantIssued issued)
    {
        Assert.True(TunnelGrant.TryParse(issued, Now, out var grant, out _));
        Assert.Null(grant.Expected);
    }

    public static TheoryData<GrantIssued> Bad =>
    [
        Good with { Token = "" },
        Good with { Token = "a\r\nHost: b" },
        Good with { Token = new string('a', 20_000) },
        Good with { Address = "192.0.2" },
        Good with { WorkspaceId = "" },
        Good with { ServerPublicKey = Convert.ToBase64String(new byte[32]) },
        Good with { TlsPin = "AAAA" },
        Good with { InnerSubnet = "0.0.0.0/0" },
        Good with { InnerSubnet = "240.0.0.1/22" },
        Good with { ExpiresAt = Now },
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_grant_that_cannot_be_used_is_refused_with_what_is_wrong(GrantIssued issued)
    {
        Assert.False(TunnelGrant.TryParse(issued, Now, out _, out var fault));
        Assert.NotEmpty(fault!);
    }
}
