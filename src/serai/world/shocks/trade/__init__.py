"""Trade in general equilibrium: what tariffs, costs, blocs and new sources do once buyers have adapted to them.

`walls` and `productivity` declare the kinds of shock. They rest on model B: `preparation` repairs and balances a table,
`economy` reads its shares, `equilibrium` solves it and gives the new table, `elasticities` says how buyers respond.
Model A, `caliendo_parro`, is that of the paper with its printed formula; its data are in `nafta`. `closed_forms` and
`sensitivity` need no equilibrium; `fixed_point` finds every equilibrium.
"""
