namespace Vprox.WireGuard.Tests.Live;

/// <summary>What both backends promise of making and deleting, on the real thing.</summary>
public sealed class WireGuardClientTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private Host Host => hosts.Left;

    private IWireGuardClient Client => Host.Client;

    [Fact]
    public void The_backend_is_the_one_that_was_chosen()
    {
        Assert.Contains(Client.Backend, new[] { "kernel", "userspace" });
        if (Host.ChosenBackend != WireGuardBackend.Auto)
            Assert.Equal(Host.ChosenBackend.ToString(), Client.Backend, ignoreCase: true);
    }

    [Fact]
    public async Task An_interface_is_made_listed_read_and_deleted_and_doing_so_twice_changes_nothing()
    {
        var name = Host.Interface("mk");
        Assert.Null(await Client.GetAsync(name, None));
        await Client.CreateAsync(name, None);
        await Client.CreateAsync(name, None);
        Assert.Contains(name, await Client.ListAsync(None));
        Assert.Empty((await Client.GetAsync(name, None))!.Peers);

        await Client.DeleteAsync(name, None);
        await Client.DeleteAsync(name, None);
        Assert.DoesNotContain(name, await Client.ListAsync(None));
        Assert.Null(await Client.GetAsync(name, None));
    }

    [Fact]
    public async Task An_interface_can_be_made_again_at_once()
    {
        var name = Host.Interface("ag");
        for (var i = 0; i < 5; i++)
        {
            await Client.CreateAsync(name, None);
            await Client.DeleteAsync(name, None);
        }
        Assert.Null(await Client.GetAsync(name, None));
    }

    [Fact]
    public async Task Two_clients_make_one_interface_at_once()
    {
        var name = Host.Interface("co");
        using var other = Host.Open();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => (i % 2 == 0 ? Client : other).CreateAsync(name, None))));
        Assert.Contains(name, await other.ListAsync(None));
        await Client.DeleteAsync(name, None);
        Assert.Null(await other.GetAsync(name, None));
    }

    [Fact]
    public async Task A_restarted_agent_finds_what_was_there()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ra");
        await device.ConfigureAsync(new DeviceConfig { PrivateKey = WireGuardPrivateKey.Generate(), ListenPort = 50002 });
        var before = await device.GetAsync();
        using (Host.Open())
        {
            // Disposing a client takes nothing away.
        }
        using var restarted = Host.Open();
        await restarted.CreateAsync(device.Name, None);
        SameDevice.Assert(before, (await restarted.GetAsync(device.Name, None))!);
    }

    [Fact]
    public async Task The_other_namespace_does_not_see_it()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ot");
        Assert.DoesNotContain(device.Name, await hosts.Right.Client.ListAsync(None));
        Assert.Null(await hosts.Right.Client.GetAsync(device.Name, None));
        await hosts.Right.Client.DeleteAsync(device.Name, None);
        await Assert.ThrowsAsync<WireGuardException>(() => hosts.Right.Client.ConfigureAsync(device.Name, new DeviceConfig { ListenPort = 1 }, None));
        Assert.NotNull(await Client.GetAsync(device.Name, None));
    }

    [Fact]
    public async Task An_interface_that_is_no_WireGuard_is_left_alone()
    {
        Assert.Null(await Client.GetAsync("e0", None));
        var refused = await Assert.ThrowsAsync<WireGuardException>(() => Client.CreateAsync("e0", None));
        Assert.Contains("veth", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WireGuardException>(() => Client.DeleteAsync("e0", None));
        await Assert.ThrowsAsync<WireGuardException>(() => Client.ConfigureAsync("e0", new DeviceConfig { ListenPort = 1 }, None));
        Assert.DoesNotContain("e0", await Client.ListAsync(None));
        Host.Ip("link show dev e0");
    }

    [Fact]
    public async Task Configuring_what_is_not_there_is_an_error_that_names_it()
    {
        var failure = await Assert.ThrowsAsync<WireGuardException>(() => Client.ConfigureAsync(Host.Interface("no"), new DeviceConfig { ListenPort = 1 }, None));
        Assert.Contains(Host.Interface("no"), failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.GetAsync("../x", None));
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_with_its_name()
    {
        await using var one = await LiveDevice.CreateAsync(Host, "p1");
        await using var two = await LiveDevice.CreateAsync(Host, "p2");
        await one.ConfigureAsync(new DeviceConfig { ListenPort = 50003 });
        Host.Ip($"link set {one.Name} up");
        Host.Ip($"link set {two.Name} up");
        await Waiting.UntilAsync("port bound", async () => (await one.GetAsync()).ListenPort == 50003 && (await two.GetAsync()).ListenPort != 0);
        var refused = await Assert.ThrowsAsync<WireGuardException>(() => two.ConfigureAsync(new DeviceConfig { ListenPort = 50003 }));
        Assert.Contains("EADDRINUSE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var name = Host.Interface("ca");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.CreateAsync(name, cancelled.Token));
        Assert.Null(await Client.GetAsync(name, None));
    }
}
