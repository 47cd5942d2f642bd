using Microsoft.Extensions.Time.Testing;
using Vprox.NodeAgent.Adapters.Imds;

namespace Vprox.NodeAgent.Tests.Imds;

public sealed class MetadataReaderTests : IAsyncLifetime
{
    private const string Second = "0e:00:00:00:00:02";
    private readonly FakeTimeProvider _time = new();
    private ScriptedImds _imds = null!;
    private ImdsClient _client = null!;
    private MetadataReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _imds = await ScriptedImds.StartAsync();
        _client = new ImdsClient(_imds.Uri, _time);
        _reader = new MetadataReader(_client, new KnownLinks((ScriptedImds.Mac, "ens5"), (Second, "ens6")), _time);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _imds.DisposeAsync();
    }

    [Fact]
    public async Task A_reading_holds_ENIs_addresses_and_associations()
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", "10.0.1.10\n10.0.1.20\n10.0.1.21");
        _imds.Set(ScriptedImds.Mac, "public-ipv4s", "192.0.2.1");
        _imds.Set(ScriptedImds.Mac, "ipv4-associations/192.0.2.1", "10.0.1.21");
        var snapshot = await ReadAsync();
        var eni = Assert.Single(snapshot.NetworkInterfaces);
        Assert.Equal("i-1", snapshot.InstanceId);
        Assert.Equal("us-east-1", snapshot.Region);
        Assert.Equal("ens5", eni.LinkName);
        Assert.Equal("10.0.1.0/24", eni.Subnet.ToString());
        Assert.Equal("10.0.1.10", eni.PrimaryAddress.ToString());
        Assert.Equal(["10.0.1.20", "10.0.1.21"], eni.SecondaryAddresses.Select(address => address.ToString()));
        Assert.Equal("10.0.1.21 192.0.2.1", string.Join(' ', eni.PublicAddresses.Single().Key, eni.PublicAddresses.Single().Value));
    }

    [Fact]
    public async Task Nothing_without_an_Elastic_IP_is_an_association()
    {
        Assert.Empty(Assert.Single((await ReadAsync()).NetworkInterfaces).PublicAddresses);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(301)]
    public async Task A_refusal_is_not_a_reading_without_addresses(int status)
    {
        await ReadAsync();
        _imds.Status = status;
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Fact]
    public async Task Silence_ends_within_a_few_seconds_and_is_not_a_reading()
    {
        await ReadAsync();
        _imds.Hangs = true;
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Fact]
    public async Task A_closed_port_is_not_a_reading()
    {
        await _imds.DisposeAsync();
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Fact]
    public async Task The_token_is_kept_and_renewed_before_it_ends()
    {
        await ReadAsync();
        await ReadAsync();
        Assert.Equal(1, _imds.Tokens);
        _time.Advance(TimeSpan.FromHours(5.5));
        await ReadAsync();
        Assert.Equal(2, _imds.Tokens);
    }

    [Fact]
    public async Task A_void_token_is_replaced_once()
    {
        await ReadAsync();
        _imds.VoidTokens();
        await ReadAsync();
        Assert.Equal(102, _imds.Tokens);
    }

    [Theory]
    [InlineData("local-ipv4s", "10.0.1.10\n10.0.1")]
    [InlineData("local-ipv4s", "10.0.1.10 10.0.1.20")]
    [InlineData("local-ipv4s", "fe80::1")]
    [InlineData("local-ipv4s", "<html>captive portal</html>")]
    [InlineData("subnet-ipv4-cidr-block", "10.0.1.7/24")]
    [InlineData("device-number", "-1")]
    [InlineData("interface-id", "eni 1; rm")]
    public async Task A_malformed_value_makes_the_whole_reading_void(string name, string text)
    {
        _imds.Set(ScriptedImds.Mac, name, text);
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Fact]
    public async Task A_list_of_MACs_that_is_none_makes_the_reading_void()
    {
        _imds.Values["network/interfaces/macs/"] = "../../../etc/passwd";
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut()
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", new string('1', 200_000));
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Theory]
    [InlineData("local-ipv4s")]
    [InlineData("interface-id")]
    [InlineData("subnet-ipv4-cidr-block")]
    public async Task An_ENI_that_is_half_plugged_waits_until_it_is_whole(string missing)
    {
        Plug(Second, 1, "10.0.1.11");
        var text = _imds.Values[$"network/interfaces/macs/{Second}/{missing}"];
        _imds.Remove(Second, missing);
        Assert.Equal(["ens5"], (await ReadAsync()).NetworkInterfaces.Select(eni => eni.LinkName));
        _imds.Set(Second, missing, text);
        Assert.Equal(["ens5", "ens6"], (await ReadAsync()).NetworkInterfaces.Select(eni => eni.LinkName));
    }

    [Fact]
    public async Task An_ENI_without_its_number_yet_goes_behind_the_first()
    {
        Plug(Second, 0, "10.0.1.11");
        _imds.Values["mac"] = ScriptedImds.Mac;
        Assert.Equal([(0, "ens5"), (1, "ens6")], (await ReadAsync()).NetworkInterfaces.Select(eni => (eni.DeviceNumber, eni.LinkName)));
        _imds.Remove(Second, "device-number");
        Assert.Equal([(0, "ens5"), (1, "ens6")], (await ReadAsync()).NetworkInterfaces.Select(eni => (eni.DeviceNumber, eni.LinkName)));
        _imds.Set(Second, "device-number", "2");
        Assert.Equal([(0, "ens5"), (2, "ens6")], (await ReadAsync()).NetworkInterfaces.Select(eni => (eni.DeviceNumber, eni.LinkName)));
    }

    [Fact]
    public async Task An_ENI_that_was_whole_does_not_lose_its_addresses_by_an_empty_answer()
    {
        await ReadAsync();
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", "");
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
        _imds.Remove(ScriptedImds.Mac, "local-ipv4s");
        await Assert.ThrowsAsync<ImdsUnavailableException>(ReadAsync);
    }

    [Fact]
    public async Task An_ENI_that_was_unplugged_goes()
    {
        Plug(Second, 1, "10.0.1.11");
        Assert.Equal(2, (await ReadAsync()).NetworkInterfaces.Count);
        _imds.Values["network/interfaces/macs/"] = ScriptedImds.Mac + "/";
        Assert.Single((await ReadAsync()).NetworkInterfaces);
    }

    [Fact]
    public async Task An_ENI_that_the_kernel_does_not_have_yet_is_left_out()
    {
        Plug("0e:00:00:00:00:99", 1, "10.0.1.11");
        Assert.Single((await ReadAsync()).NetworkInterfaces);
    }

    [Fact]
    public async Task Associations_are_read_again_only_when_addresses_changed_or_after_a_while()
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", "10.0.1.10\n10.0.1.20\n10.0.1.21");
        _imds.Set(ScriptedImds.Mac, "public-ipv4s", "192.0.2.1");
        _imds.Set(ScriptedImds.Mac, "ipv4-associations/192.0.2.1", "10.0.1.20");
        await ReadAsync();
        var before = _imds.Gets;
        await ReadAsync();
        Assert.Equal(3, _imds.Gets - before);
        _imds.Set(ScriptedImds.Mac, "ipv4-associations/192.0.2.1", "10.0.1.21");
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("10.0.1.21", Assert.Single((await ReadAsync()).NetworkInterfaces).PublicAddresses.Single().Key.ToString());
    }

    private void Plug(string mac, int deviceNumber, params string[] addresses)
    {
        _imds.Values["network/interfaces/macs/"] += $"\n{mac}/";
        _imds.AddEni(mac, deviceNumber, addresses);
    }

    private Task<Vprox.NodeAgent.Core.Metadata.MetadataSnapshot> ReadAsync() => _reader.ReadAsync(CancellationToken.None);
}
