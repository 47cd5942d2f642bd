using Microsoft.Extensions.Time.Testing;
using Vprox.Addressing;
using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.NodeAgent.Tests.Imds;

/// <summary>The quick look at what is awaited.</summary>
public sealed class GlanceTests : IAsyncLifetime
{
    private const string Second = "0e:00:00:00:00:02";
    private readonly FakeTimeProvider _time = new();
    private ScriptedImds _imds = null!;
    private ImdsClient _client = null!;
    private MetadataReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _imds = await ScriptedImds.StartAsync();
        _imds.Values["network/interfaces/macs/"] = $"{ScriptedImds.Mac}/\n{Second}/";
        _imds.AddEni(Second, 1, "10.0.1.200");
        _client = new ImdsClient(_imds.Uri, _time);
        _reader = new MetadataReader(_client, new KnownLinks((ScriptedImds.Mac, "ens5"), (Second, "ens6")), _time);
        await _reader.ReadAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _imds.DisposeAsync();
    }

    [Fact]
    public async Task Where_nothing_has_happened_it_is_one_request()
    {
        var before = _imds.Gets;

        var seen = await GlanceAsync(Coming("eni-01"));

        Assert.Equal(1, _imds.Gets - before);
        Assert.Equal(2, seen.NetworkInterfaces.Count);
    }

    [Fact]
    public async Task An_address_that_has_come_is_seen_with_its_public_address_by_two_requests()
    {
        Arrive("192.0.2.1");
        var before = _imds.Gets;

        var eni = (await GlanceAsync(Coming("eni-01"))).NetworkInterfaces[0];

        Assert.Equal(2, _imds.Gets - before);
        Assert.Equal("10.0.1.20", Assert.Single(eni.SecondaryAddresses).ToString());
        Assert.Equal("192.0.2.1", eni.PublicAddresses[Ipv4.Parse("10.0.1.20")].ToString());
    }

    [Fact]
    public async Task One_that_has_come_with_anothers_public_address_is_seen_to_have_it()
    {
        Arrive("192.0.2.99");

        var eni = (await GlanceAsync(Coming("eni-01"))).NetworkInterfaces[0];

        Assert.Equal("192.0.2.99", eni.PublicAddresses[Ipv4.Parse("10.0.1.20")].ToString());
    }

    [Fact]
    public async Task A_public_address_that_follows_later_is_seen_when_it_does()
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", "10.0.1.10\n10.0.1.20");
        Assert.Empty((await GlanceAsync(Coming("eni-01"))).NetworkInterfaces[0].PublicAddresses);

        Arrive("192.0.2.1");

        Assert.Single((await GlanceAsync(Coming("eni-01"))).NetworkInterfaces[0].PublicAddresses);
    }

    [Fact]
    public async Task One_that_has_gone_is_gone()
    {
        Arrive("192.0.2.1");
        await GlanceAsync(Coming("eni-01"));
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", "10.0.1.10");

        var eni = (await GlanceAsync(Coming("eni-01") with { Leaves = true })).NetworkInterfaces[0];

        Assert.Empty(eni.SecondaryAddresses);
        Assert.Empty(eni.PublicAddresses);
    }

    [Fact]
    public async Task One_that_shall_come_to_an_ENI_unknown_here_is_looked_for_on_all()
    {
        _imds.Set(Second, "local-ipv4s", "10.0.1.200\n10.0.1.20");

        var seen = await GlanceAsync(Coming("eni-77"));

        Assert.Equal("ens6", seen.HolderOf(Ipv4.Parse("10.0.1.20"))!.LinkName);
    }

    [Fact]
    public async Task A_glance_and_a_whole_reading_say_the_same()
    {
        Arrive("192.0.2.1");
        var seen = await GlanceAsync(Coming("eni-01"));

        Assert.True((await _reader.ReadAsync(CancellationToken.None)).ShowsTheSameAs(seen));
    }

    [Fact]
    public async Task An_address_that_comes_to_an_ENI_plugged_in_a_moment_ago_is_seen_though_its_device_number_is_not_known_yet()
    {
        // Two zeros: IMDS has not spread the number of the second, which is asked for again with the next reading.
        _imds.Values["mac"] = ScriptedImds.Mac;
        _imds.Set(Second, "device-number", "0");
        _time.Advance(TimeSpan.FromMinutes(1));
        await _reader.ReadAsync(CancellationToken.None);
        _imds.Set(Second, "local-ipv4s", "10.0.1.200\n10.0.1.20");
        _imds.Set(Second, "public-ipv4s", "192.0.2.1");
        _imds.Set(Second, "ipv4-associations/192.0.2.1", "10.0.1.20");

        var seen = await GlanceAsync(Coming("eni-02"));

        Assert.Equal("192.0.2.1", seen.HolderOf(Ipv4.Parse("10.0.1.20"))!.PublicAddresses[Ipv4.Parse("10.0.1.20")].ToString());
        Assert.Equal(["ens5", "ens6"], seen.NetworkInterfaces.Select(eni => eni.LinkName));
        _imds.Set(Second, "device-number", "1");
        Assert.Equal([0, 1], (await _reader.ReadAsync(CancellationToken.None)).NetworkInterfaces.Select(eni => eni.DeviceNumber));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.1.10\nforty-two")]
    public async Task What_cannot_be_so_is_no_reading(string text)
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", text);

        await Assert.ThrowsAsync<ImdsUnavailableException>(() => GlanceAsync(Coming("eni-01")));
    }

    private void Arrive(string publicAddress)
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", "10.0.1.10\n10.0.1.20");
        _imds.Set(ScriptedImds.Mac, "public-ipv4s", publicAddress);
        _imds.Set(ScriptedImds.Mac, "ipv4-associations/" + publicAddress, "10.0.1.20");
    }

    private static AwaitedAddress Coming(string eni) => new(Ipv4.Parse("192.0.2.1"), Ipv4.Parse("10.0.1.20"), 1, eni, Leaves: false);

    private Task<MetadataSnapshot> GlanceAsync(AwaitedAddress awaited) => _reader.GlanceAsync([awaited], CancellationToken.None);
}
