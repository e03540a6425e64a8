module guerdon.example/commission

go 1.19
