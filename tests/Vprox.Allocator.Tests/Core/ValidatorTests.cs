using Vprox.Allocator.Core;
using Vprox.Contracts;
using Vprox.Identity;

namespace Vprox.Allocator.Tests.Core;

public sealed class ValidatorTests
{
    private static readonly ProxyRequested Good = new() { ProxyId = "p-1", WorkspaceId = "ws:1", AddressCount = 1 };

    public static TheoryData<string, ProxyRequested> BadRequests { get; } = new()
    {
        { "proxyId", Good with { ProxyId = "" } },
        { "proxyId", Good with { ProxyId = null! } },
        { "proxyId", Good with { ProxyId = new string('a', 129) } },
        { "proxyId", Good with { ProxyId = "a b" } },
        { "workspaceId", Good with { WorkspaceId = "../x" } },
        { "addressCount", Good with { AddressCount = 0 } },
        { "addressCount", Good with { AddressCount = 6 } },
        { "addressCount", Good with { AddressCount = int.MinValue } },
        { "guaranteedMbps", Good with { GuaranteedMbps = 0 } },
        { "ceilingMbps", Good with { CeilingMbps = -1 } },
        { "ceilingMbps", Good with { GuaranteedMbps = 10, CeilingMbps = 9 } },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public void A_bad_request_is_named_by_its_field(string field, ProxyRequested request) =>
        Assert.Contains(field, ProxyRequestValidator.Error(request), StringComparison.Ordinal);

    [Fact]
    public void A_good_request_passes()
    {
        Assert.Null(ProxyRequestValidator.Error(Good));
        Assert.Null(ProxyRequestValidator.Error(Good with { AddressCount = 5, GuaranteedMbps = 10, CeilingMbps = 10 }));
    }

    [Fact]
    public void A_node_must_describe_itself_completely()
    {
        var eni = new NodeNetworkInterface
        {
            NetworkInterfaceId = "eni-1", SubnetId = "subnet-1", SubnetCidr = "10.0.1.0/24", PrimaryAddress = "10.0.1.10",
            SecondaryAddresses = ["10.0.1.64"], SecondaryCapacity = 29,
        };
        var joined = new NodeJoined
        {
            NodeId = "i-1", InstanceId = "i-1", Region = "us-east-1", SealingPublicKey = SealingKey.Generate().PublicKey.ToString(),
            ProbeUrl = "https://10.0.1.10", NetworkInterfaces = [eni], AgentVersion = "1", StartedAt = DateTimeOffset.UnixEpoch,
        };
        Assert.Null(NodeValidator.Error(joined));
        NodeJoined[] bad =
        [
            joined with { NodeId = "a/b" },
            joined with { Region = " " },
            joined with { SealingPublicKey = "key" },
            joined with { NetworkInterfaces = [eni, eni] },
            joined with { NetworkInterfaces = [eni with { SubnetCidr = "10.0.1.1/24" }] },
            joined with { NetworkInterfaces = [eni with { PrimaryAddress = "10.1" }] },
            joined with { NetworkInterfaces = [eni with { SecondaryAddresses = ["::1"] }] },
            joined with { NetworkInterfaces = [eni with { SecondaryCapacity = -1 }] },
            joined with { NetworkInterfaces = [eni with { SubnetId = "" }] },
            joined with { NetworkInterfaces = Enumerable.Range(0, 65).Select(i => eni with { NetworkInterfaceId = $"eni-{i}" }).ToList() },
        ];
        Assert.All(bad, node => Assert.NotNull(NodeValidator.Error(node)));
    }
}
