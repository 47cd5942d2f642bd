namespace Vprox.Allocator.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void All_errors_are_named_at_once()
    {
        var options = new AllocatorOptions
        {
            Database = " ",
            KeyFile = "/nonexistent/key",
            DefaultRegion = "mars",
            GrantLifetime = TimeSpan.Zero,
            PortBlockSize = 300,
            PeersPerAddress = 0,
            Regions =
            [
                new RegionOptions { Name = "r", ElasticIps = [new() { Address = "10.1", AllocationId = "" }], Subnets = [new() { SubnetId = "s", PrivateRange = "10.0.1.5/26" }] },
                new RegionOptions { Name = "r", ElasticIps = [], Subnets = [new() { SubnetId = "s", PrivateRange = "10.0.0.0/8" }] },
            ],
        };
        string[] expected =
        [
            "Database:", "KeyFile: there is no key file", "DefaultRegion:", "GrantLifetime:", "PortBlockSize:", "PeersPerAddress:", "Regions:0:ElasticIps:0:Address:", "Regions:0:ElasticIps:0:AllocationId:",
            "Regions:0:Subnets:0:PrivateRange:", "Regions:1:Subnets:0:PrivateRange:", "Regions: Name 'r'", "Regions: SubnetId 's'",
        ];
        var errors = options.Errors().ToList();
        Assert.All(expected, start => Assert.Contains(errors, error => error.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, errors.Count);
    }

    [Fact]
    public void An_address_in_two_regions_is_an_error()
    {
        var ip = new ElasticIpOptions { Address = "192.0.2.1", AllocationId = "eipalloc-1" };
        var subnet = new SubnetOptions { SubnetId = "s", PrivateRange = "10.0.1.64/26" };
        var options = new AllocatorOptions { Regions = [new() { Name = "a", ElasticIps = [ip], Subnets = [subnet] }, new() { Name = "b", ElasticIps = [ip], Subnets = [subnet] }] };
        Assert.Contains(options.Errors(), error => error.Contains("192.0.2.1", StringComparison.Ordinal));
    }
}
