using Vprox.Cli.Connect;

namespace Vprox.Cli.Tests.Connect;

public sealed class ConnectOptionsTests
{
    private static readonly ConnectOptions.Typed Good = new() { Server = "192.0.2.10", Password = "open sesame" };

    [Fact]
    public void An_address_and_a_password_are_enough()
    {
        Assert.True(ConnectOptions.TryParse(Good, out var options, out _));
        Assert.Equal(("vprox0", "https://192.0.2.10/", (Identity.TlsPin?)null), (options.Interface, options.Url.ToString(), options.Pin));
        Assert.DoesNotContain("sesame", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", true)]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", false)]
    [InlineData("sha256:47DEQpj8", false)]
    [InlineData("", false)]
    public void A_pin_is_sha256_in_base64(string pin, bool isOne) => Assert.Equal(isOne, ConnectOptions.TryParse(Good with { Pin = pin }, out _, out _));

    [Theory]
    [InlineData("vprox0")]
    [InlineData("wg-a.b_c=1")]
    public void Names_of_interfaces(string name) => Assert.True(ConnectOptions.TryParse(Good with { Interface = name }, out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData("../vprox0")]
    [InlineData("sixteen-letters0")]
    [InlineData("a b")]
    [InlineData("v*")]
    [InlineData(".")]
    [InlineData("-x")]
    public void No_names_of_interfaces(string name) => Assert.False(ConnectOptions.TryParse(Good with { Interface = name }, out _, out _));

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        Assert.False(ConnectOptions.TryParse(new() { Server = "example.com", PortBlocks = 157, Port = 0, StateDirectory = "here" }, out _, out var errors));
        Assert.Equal(5, errors.Count);
    }
}
