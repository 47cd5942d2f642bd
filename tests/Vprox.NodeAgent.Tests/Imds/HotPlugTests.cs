using System.Collections.Immutable;
using Vprox.Addressing;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Namespaces;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Adapters.Links;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Imds;

/// <summary>An ENI attached to a running instance: the lab's cloud shows it in IMDS, and a link with its MAC comes into a kernel.</summary>
public sealed class HotPlugTests : IAsyncLifetime
{
    private const string Node = "i-00000000000000001";
    private const string Subnet = "subnet-1";
    private const string FirstMac = "0e:00:00:00:00:01";
    private const string SecondMac = "0e:00:00:00:00:02";

    private readonly NetworkNamespace _host = NetworkNamespace.CreateRandom("eni");
    private CloudServer _cloud = null!;
    private ImdsClient _client = null!;
    private RouteNetlink _route = null!;
    private MetadataReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await CloudServer.StartAsync(new CloudOptions
        {
            Seed = new CloudSeed
            {
                Subnets = [new(Subnet, "10.0.1.0/24")],
                Instances = [new(Node, [new("eni-1", Subnet, FirstMac, "10.0.1.10")])],
                ElasticIps = [new("eipalloc-1", "192.0.2.10")],
            },
            Settings = new CloudSettings { EffectDelayMs = 100, AnswerDelayMs = 0 },
            MetadataPortFor = [Node],
        });
        Plug("ens5", FirstMac);
        _client = new ImdsClient(_cloud.Metadata[Node], TimeProvider.System);
        _route = _host.Run(RouteNetlink.Open);
        _reader = new MetadataReader(_client, new NetlinkLinkNames(_route), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _route.Dispose();
        _host.Dispose();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task It_is_taken_in_when_both_know_it_though_its_link_is_down_and_goes_when_it_is_unplugged()
    {
        Assert.Equal("eni-1", Assert.Single((await ReadAsync()).NetworkInterfaces).NetworkInterfaceId);

        Change(state => state.With(Second));
        await UntilAsync(async () => (await Shown()).Contains(SecondMac, StringComparison.Ordinal), "IMDS lists the second");
        Assert.Single((await ReadAsync()).NetworkInterfaces);

        Plug("ens6", SecondMac);
        var second = (await ReadAsync()).NetworkInterfaces[1];
        Assert.Equal(("eni-2", "ens6", 1), (second.NetworkInterfaceId, second.LinkName, second.DeviceNumber));
        Assert.Equal(Ipv4.Parse("10.0.1.65"), Assert.Single(second.SecondaryAddresses));
        Assert.Equal(Ipv4.Parse("192.0.2.10"), second.PublicAddresses[Ipv4.Parse("10.0.1.65")]);

        Change(state => state with
        {
            NetworkInterfaces = state.NetworkInterfaces.Remove("eni-2"),
            ElasticIps = state.ElasticIps.SetItem("eipalloc-1", state.ElasticIps["eipalloc-1"] with { Association = null }),
        });
        await UntilAsync(async () => await ReadWholeAsync() is { NetworkInterfaces.Count: 1 }, "the second is gone");
    }

    [Fact]
    public async Task An_address_that_moves_from_one_to_the_other_is_never_on_both_and_never_nowhere_for_long()
    {
        Plug("ens6", SecondMac);
        Change(state => state.With(Second));
        await UntilAsync(async () => (await ReadAsync()).HolderOf(Ipv4.Parse("10.0.1.65"))?.LinkName == "ens6", "it is on the second");

        Change(state => state
            .With(Second with { SecondaryAddresses = [] })
            .With(state.NetworkInterfaces["eni-1"] with { SecondaryAddresses = [Ipv4.Parse("10.0.1.65")] })
            .With(state.ElasticIps["eipalloc-1"] with { Association = new Association("eipassoc-1", "eni-1", Ipv4.Parse("10.0.1.65")) }));

        await UntilAsync(async () =>
        {
            var snapshot = await ReadAsync();
            Assert.InRange(snapshot.NetworkInterfaces.Count(eni => eni.SecondaryAddresses.Count > 0), 0, 1);
            return snapshot.HolderOf(Ipv4.Parse("10.0.1.65"))?.LinkName == "ens5";
        }, "it is on the first");
    }

    private static NetworkInterface Second { get; } = new()
    {
        Id = "eni-2",
        SubnetId = Subnet,
        MacAddress = SecondMac,
        InstanceId = Node,
        DeviceIndex = 1,
        PrimaryAddress = Ipv4.Parse("10.0.1.11"),
        SecondaryAddresses = ImmutableList.Create(Ipv4.Parse("10.0.1.65")),
    };

    private void Change(Func<Ec2State, Ec2State> change) => _cloud.Region.Mutate((state, _) => Associated(change(state)));

    // Whoever adds the second ENI adds it with its Elastic IP.
    private static Ec2State Associated(Ec2State state) =>
        state.NetworkInterfaces.ContainsKey("eni-2") && state.ElasticIps["eipalloc-1"].Association is null
            ? state.With(state.ElasticIps["eipalloc-1"] with { Association = new Association("eipassoc-1", "eni-2", Ipv4.Parse("10.0.1.65")) })
            : state;

    private void Plug(string link, string mac) => _host.Execute("ip", "link", "add", link, "address", mac, "type", "bridge");

    /// <summary>Null when it went while it was read: that is no reading, and the next one is.</summary>
    private async Task<MetadataSnapshot?> ReadWholeAsync()
    {
        try
        {
            return await ReadAsync();
        }
        catch (ImdsUnavailableException)
        {
            return null;
        }
    }

    private Task<MetadataSnapshot> ReadAsync() => _reader.ReadAsync(CancellationToken.None);

    private async Task<string> Shown() => await _client.GetAsync("network/interfaces/macs/", CancellationToken.None) ?? "";

    private static Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(condition, what);
}
