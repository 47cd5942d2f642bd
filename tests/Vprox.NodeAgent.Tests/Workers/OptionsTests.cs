namespace Vprox.NodeAgent.Tests.Workers;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new NodeAgentOptions().Errors());

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var options = new NodeAgentOptions
        {
            NodeId = "../etc",
            MetadataUrl = "ftp://x",
            StateDirectory = "relative",
            HttpsPort = 70000,
            SecondaryCapacity = 0,
            LinkMbps = 0,
            HeartbeatInterval = TimeSpan.Zero,
            IdlePeerAfter = TimeSpan.FromDays(2),
            DeniedDestinations = ["10.0.0.1/8", "x"],
        };
        string[] expected =
            ["NodeId", "MetadataUrl", "StateDirectory", "HttpsPort", "SecondaryCapacity", "LinkMbps", "HeartbeatInterval", "IdlePeerAfter", "DeniedDestinations", "DeniedDestinations"];
        Assert.Equal(expected, options.Errors().Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void What_is_denied_may_be_replaced()
    {
        Assert.Contains("169.254.0.0/16", new NodeAgentOptions().DeniedPrefixes().Select(prefix => prefix.ToString()));
        Assert.Equal(["10.0.0.0/8"], new NodeAgentOptions { DeniedDestinations = ["10.0.0.0/8"] }.DeniedPrefixes().Select(prefix => prefix.ToString()));
    }
}
