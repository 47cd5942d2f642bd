using Amazon.EC2;
using Amazon.EC2.Model;
using Vprox.Lab.Cloud;

namespace Vprox.Lab.Tests.Cloud;

public sealed class LaunchTests
{
    [Fact]
    public async Task A_launch_template_gives_the_ENIs_and_the_same_token_the_same_instance()
    {
        await using var cloud = await CloudFixture.StartAsync(seed: CloudFixture.Seed with { LaunchTemplates = [new SeedLaunchTemplate("lt-1", 3)] });
        var request = new RunInstancesRequest
        {
            LaunchTemplate = new LaunchTemplateSpecification { LaunchTemplateId = "lt-1", Version = "$Default" },
            SubnetId = "subnet-1",
            MinCount = 1,
            MaxCount = 1,
            ClientToken = "replace-node-1",
            TagSpecifications = [new() { ResourceType = ResourceType.Instance, Tags = [new Tag("vprox", "node")] }],
        };

        var made = Assert.Single((await cloud.Ec2.RunInstancesAsync(request)).Reservation.Instances);
        var again = Assert.Single((await cloud.Ec2.RunInstancesAsync(request)).Reservation.Instances);

        Assert.Equal(made.InstanceId, again.InstanceId);
        Assert.Equal(3, made.NetworkInterfaces.Count);
        Assert.All(made.NetworkInterfaces, eni => Assert.Equal("subnet-1", eni.SubnetId));
        var found = await cloud.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter("client-token", ["replace-node-1"])] });
        Assert.Equal("node", Assert.Single(Assert.Single(found.Reservations).Instances).Tags[0].Value);
        request.SubnetId = "subnet-2";
        var mismatch = await Assert.ThrowsAsync<AmazonEC2Exception>(() => cloud.Ec2.RunInstancesAsync(request));
        Assert.Equal("IdempotentParameterMismatch", mismatch.ErrorCode);
    }
}
