using System.Diagnostics;

namespace Vprox.WireGuard.Tests;

public sealed class WireGuardKeyTests
{
    private const string Alice = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";

    [Fact]
    public void A_key_reads_as_it_is_written() => Assert.Equal(Alice, WireGuardKey.Parse(Alice).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmp=")]
    [InlineData(" hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTm=")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo=")]
    [InlineData("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmohSDwCYkwp1R0i33ctD73Wg2=")]
    public void What_is_no_key_is_refused(string? text) => Assert.False(WireGuardKey.TryParse(text, out _));

    /// <summary>Alice's keys of RFC 7748, section 6.1.</summary>
    [Fact]
    public void The_public_key_is_the_one_of_the_RFC() => Assert.Equal(
        Alice, new WireGuardPrivateKey(Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")).PublicKey().ToString());

    [Fact]
    public async Task The_public_key_is_the_one_that_wg_pubkey_prints()
    {
        for (var i = 0; i < 10; i++)
        {
            var key = WireGuardPrivateKey.Generate();
            Assert.Equal(await WgPubkeyAsync(Convert.ToBase64String(key.Bytes)), key.PublicKey().ToString());
        }
    }

    [Fact]
    public void A_private_key_does_not_print()
    {
        var key = WireGuardPrivateKey.Generate();
        var printed = new DeviceConfig { PrivateKey = key }.ToString();
        Assert.Contains("(private key)", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(key.Bytes), printed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_zero_private_key_is_refused() => Assert.Throws<ArgumentException>(() => new WireGuardPrivateKey(new byte[32]));

    private static async Task<string> WgPubkeyAsync(string privateKey)
    {
        using var process = Process.Start(new ProcessStartInfo("wg", ["pubkey"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteLineAsync(privateKey);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }
}
