using Vprox.Addressing;
using Vprox.Cli.Server;

namespace Vprox.Cli.Tests.Server;

public sealed class ServerOptionsTests
{
    private static readonly ServerOptions.Typed Good = new() { Addresses = ["10.0.1.64"], Password = "open sesame" };

    [Fact]
    public void One_address_and_a_password_are_enough()
    {
        Assert.True(ServerOptions.TryParse(Good, out var options, out _));
        Assert.Equal([Ipv4.Parse("10.0.1.64")], options.Addresses);
        Assert.Equal(Ipv4Prefix.Parse("240.1.0.0/16"), options.Block);
        Assert.DoesNotContain("sesame", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        Assert.False(ServerOptions.TryParse(new() { Addresses = ["10.0.1", "10.0.1.64", "10.0.1.64"], Block = "240.1.0.1/16", BlockPerAddress = "22", Cloud = "gcp", Allowed = ["10.0.0.1/8"] }, out _, out var errors));
        foreach (var part in (string[])["\"10.0.1\"", "given twice", "--wg-block:", "--wg-block-per-ip", "gcp", "--allow", "VPROX_PASSWORD"])
            Assert.Contains(errors, error => error.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("240.1.0.0/22", 1, true)]
    [InlineData("240.1.0.0/22", 2, false)]
    [InlineData("240.1.0.0/21", 2, true)]
    [InlineData("240.1.0.0/23", 1, false)]
    public void The_block_must_hold_a_subnet_for_each_address(string block, int addresses, bool holds)
    {
        var typed = Good with { Block = block, Addresses = [.. Enumerable.Range(1, addresses).Select(i => $"10.0.1.{i}")] };
        Assert.Equal(holds, ServerOptions.TryParse(typed, out _, out _));
    }

    [Fact]
    public void The_cloud_takes_the_place_of_addresses_and_nothing_else_does()
    {
        Assert.False(ServerOptions.TryParse(Good with { Addresses = [] }, out _, out _));
        Assert.True(ServerOptions.TryParse(Good with { Addresses = [], Cloud = "aws" }, out _, out _));
    }

    [Fact]
    public void A_password_is_one_line()
    {
        Assert.False(ServerOptions.TryParse(Good with { Password = "a\r\nX-Injected: b" }, out _, out var errors));
        Assert.DoesNotContain(errors, error => error.Contains("Injected", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_allowed_is_a_hole_in_what_is_denied_and_no_more()
    {
        Assert.True(ServerOptions.TryParse(Good with { Allowed = ["10.20.0.0/16", "192.168.0.0/16"] }, out var options, out _));
        var denied = options.Node.DeniedPrefixes();
        foreach (var (address, isDenied) in ((string, bool)[])[("10.20.0.1", false), ("10.20.255.255", false), ("10.19.255.255", true), ("10.21.0.0", true),
            ("192.168.7.7", false), ("169.254.169.254", true), ("127.0.0.1", true)])
            Assert.Equal(isDenied, denied.Any(prefix => prefix.Contains(Ipv4.Parse(address))));
    }
}
